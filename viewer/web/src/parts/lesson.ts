// Lessons: fetched when their panel is first opened.
import styles from "../styles/lesson.css";

export { LessonPanel as View } from "../interface/lesson/LessonPanel";
export { styles };
