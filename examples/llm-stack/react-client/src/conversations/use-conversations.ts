import { useEffect, useReducer, useRef, type Dispatch } from "react";

import { afterChange, type Change } from "./changes";
import type { Conversation } from "./conversation";
import { loadConversations, saveConversations } from "./storage";

/** The conversations of this browser; they never leave it but for the questions that are asked. */
export function useConversations(): [readonly Conversation[], Dispatch<Change>] {
  const [conversations, change] = useReducer(afterChange, undefined, () => loadConversations());

  // An answer brings many changes a second; the disk need not see each.
  const latest = useRef(conversations);
  useEffect(() => {
    latest.current = conversations;
    const timer = setTimeout(() => saveConversations(conversations), 400);
    return () => clearTimeout(timer);
  }, [conversations]);
  useEffect(() => {
    const save = () => saveConversations(latest.current);
    window.addEventListener("pagehide", save);
    return () => window.removeEventListener("pagehide", save);
  }, []);

  return [conversations, change];
}
