// The quiz: fetched when its panel is first opened.
import styles from "../styles/quiz.css";

export { QuizPanel as View } from "../interface/quiz/QuizPanel";
export { styles };
