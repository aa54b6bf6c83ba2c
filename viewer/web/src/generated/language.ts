// Generated from annotations.language.LanguageDocument by `python -m viewer.schema`; change the model, not this file.

/**
 * `language.<code>`: what a page needs to speak another language than English.
 */
export interface LanguageDocument {
  version: 1;
  code: string;
  name: string;
  reviewed: Reviewed;
  /**
   * Interface: English text to text, with the same {holes}.
   */
  texts: {
    [k: string]: string;
  };
  /**
   * Texts that replace English ones, by their way in the catalogue or the lessons' document: `views/posterior/name`; an entry of a list goes by its id, `safety/stop/sharp/text`, or by its place.
   */
  catalogue: {
    [k: string]: string | string[];
  };
}
/**
 * Who checked a translation, by topic; null: nobody qualified has.
 */
export interface Reviewed {
  interface: string | null;
  names: string | null;
  /**
   * Null: the texts stand beside the English, marked.
   */
  safety: string | null;
}
