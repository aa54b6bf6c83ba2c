// Trigger points: fetched when their panel is first opened.
import styles from "../styles/trigger.css";

export { TriggerPanel as View } from "../interface/trigger/TriggerPanel";
export { skinLayers } from "../stage/skin";
export { styles };
