// The quiz: fetched when its panel is first opened.
import type { Session } from "../session";

export function QuizPanel({ session }: { session: Session }) {
  return <p class="aside">{session.anatomy.atlas.title}</p>;
}
