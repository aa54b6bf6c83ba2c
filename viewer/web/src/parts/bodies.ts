// Two bodies: fetched when one is first set beside the page's own.
import styles from "../styles/bodies.css";

export { BodiesPanel as Panel } from "../interface/bodies/BodiesPanel";
export { BodyPictures as View } from "../interface/bodies/Pictures";
export { styles };
