import { storedText } from "../storage/stored-text";

/** The token of a person who signed in, kept so that a reload does not ask for the password again. */
export const storedToken = storedText("llm-stack.token");
