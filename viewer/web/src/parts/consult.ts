// The page as something to show to a client: fetched when consult mode is first entered.
import consult from "../styles/consult.css";
import handout from "../styles/handout.css";

export { Consult as View } from "../interface/consult/Consult";
export const styles = `${consult}\n${handout}`;
