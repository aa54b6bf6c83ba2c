// A set's landmarks, to be looked at and dragged: fetched where there are some to be checked.
import styles from "../styles/landmarks.css";

export { LandmarksPanel as View } from "../interface/landmarks/LandmarksPanel";
export { styles };
