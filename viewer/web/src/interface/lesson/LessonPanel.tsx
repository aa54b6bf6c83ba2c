// Lessons: fetched when their panel is first opened.
import type { Session } from "../session";

export function LessonPanel({ session }: { session: Session }) {
  return <p class="aside">{session.anatomy.atlas.title}</p>;
}
