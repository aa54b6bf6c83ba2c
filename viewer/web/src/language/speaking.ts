// The language that the scene asks for: its texts are fetched, and the whole page goes on in it.
import type { LanguageDocument } from "../generated/language";
import type { Session } from "../interface/session";
import { markForeign } from "./foreign";
import { Language } from "./language";

const known = new WeakMap<object, Language>();

/** Turns the session to its scene's language, if it is not there already. */
export async function speak(session: Session): Promise<void> {
  const { language } = session.store.scene;
  if (language === session.t.code) return;
  try {
    const next = language === "en" ? new Language() : await fetched(session, language);
    if (session.store.scene.language === language) session.grow(session.anatomy.speaking(next));
  } catch (error) {
    const name = session.anatomy.languages.find(({ code }) => code === language)?.name ?? language;
    session.notice.set({
      text: `${session.t("The texts in {language} could not be fetched.", { language: name })} ${(error as Error).message}`,
      tone: "error",
      retry: () => void speak(session),
    });
  }
}

async function fetched(session: Session, code: string): Promise<Language> {
  const document = await session.document<LanguageDocument>(`language.${code}`);
  markForeign();
  let language = known.get(document);
  if (!language) {
    language = new Language(document);
    known.set(document, language);
  }
  return language;
}
