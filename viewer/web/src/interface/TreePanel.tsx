// The list of all structures, and the search over it.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { search } from "../atlas/search";
import { resultTree } from "../atlas/tree";
import { Icon } from "./icons";
import type { Session } from "./session";
import { useSignal } from "./signal";
import { Tree } from "./Tree";

const MOST_RESULTS = 40;

export function TreePanel({ session }: { session: Session }) {
  const [query, setQuery] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const wanted = useSignal(session.searchWanted);

  useLayoutEffect(() => {
    if (wanted) {
      input.current?.focus();
      input.current?.select();
      session.searchWanted.set(false);
    }
  }, [wanted, session]);

  const body = useSignal(session.body);
  const results = (typed: string) =>
    typed.trim() ? resultTree(search(session.index, typed).slice(0, MOST_RESULTS), session.anatomy) : null;
  const found = useMemo(() => results(query), [query, session, body]);
  const chosenFrom = useRef<string | null>(null);

  useEffect(() => {
    if (!found) return;
    // Wait for a pause in typing: every letter would be too much to listen to.
    const timer = setTimeout(() => {
      // Whoever has gone on to the list, or has chosen, knows, and hears of that.
      if (!input.current?.matches(":focus") || chosenFrom.current === query) return;
      session.say(
        found.length
          ? session.t.n(
              found.length,
              "{n} found. Arrow down to go to it.",
              "{n} found. Arrow down to go to them.",
            )
          : session.t("Nothing found."),
      );
    }, 600);
    return () => clearTimeout(timer);
  }, [found, query, session]);

  const focusTree = () =>
    list.current?.querySelector<HTMLElement>('[role="treeitem"][tabindex="0"]')?.focus();

  return (
    <div class="tree-panel">
      <div class="search">
        <Icon name="search" />
        <input
          ref={input}
          type="search"
          placeholder={session.t("Search structures")}
          aria-label={session.t("Search structures by name, Latin name, synonym or identifier")}
          autocomplete="off"
          spellcheck={false}
          enterkeyhint="search"
          value={query}
          onInput={(event) => {
            chosenFrom.current = null;
            setQuery(event.currentTarget.value);
          }}
          onKeyDown={(event) => {
            if (event.key === "ArrowDown") {
              event.preventDefault();
              focusTree();
            } else if (event.key === "Enter") {
              // Of what is typed now, drawn or not.
              chosenFrom.current = event.currentTarget.value;
              const first = results(chosenFrom.current)?.[0];
              if (first?.name) session.select(first.name);
            } else if (event.key === "Escape" && query) {
              event.stopPropagation();
              setQuery("");
            }
          }}
        />
        {query ? (
          <button
            type="button"
            class="search-clear"
            aria-label={session.t("Clear the search")}
            onClick={() => {
              setQuery("");
              input.current?.focus();
            }}
          >
            <Icon name="close" />
          </button>
        ) : (
          <span class="kbd" aria-hidden="true">
            /
          </span>
        )}
      </div>
      <div class="tree-scroll" ref={list}>
        {found && !found.length ? (
          <p class="nothing">
            {session.t(
              "Nothing is called “{query}”. Try another name, in Latin too, or an identifier such as FMA 19082.",
              { query: query.trim() },
            )}
          </p>
        ) : (
          <Tree session={session} nodes={found ?? session.tree} results={found !== null} />
        )}
      </div>
    </div>
  );
}
