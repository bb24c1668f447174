import { isRecord } from "../api/json";
import { browserStorage } from "../storage/browser-storage";
import type { Conversation, Message } from "./conversation";

const key = "llm-stack.conversations";

/** What was kept, without anything that this version cannot read. */
export function loadConversations(storage = browserStorage()): readonly Conversation[] {
  try {
    const kept: unknown = JSON.parse(storage?.getItem(key) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isConversation).map(settled) : [];
  } catch {
    return []; // not JSON
  }
}

/** Keeps as many of the latest conversations as the browser has room for. */
export function saveConversations(conversations: readonly Conversation[], storage = browserStorage()): void {
  if (!storage) return;
  // A full storage refuses; with fewer conversations it may not. The empty list always fits.
  for (let count = conversations.length; ; count = Math.floor(count / 2)) {
    try {
      storage.setItem(key, JSON.stringify(conversations.slice(0, count)));
      return;
    } catch {
      if (count === 0) return;
    }
  }
}

/** An answer which was still growing when the page was closed grows no more. */
function settled(conversation: Conversation): Conversation {
  const messages = conversation.messages.map(
    (message): Message => (message.state === "streaming" ? { ...message, state: "stopped" } : message),
  );
  return { ...conversation, messages };
}

function isConversation(value: unknown): value is Conversation {
  return (
    isRecord(value) &&
    typeof value["id"] === "string" &&
    typeof value["title"] === "string" &&
    typeof value["model"] === "string" &&
    typeof value["updatedAt"] === "number" &&
    Array.isArray(value["messages"]) &&
    value["messages"].every(isMessage)
  );
}

function isMessage(value: unknown): value is Message {
  return (
    isRecord(value) &&
    typeof value["id"] === "string" &&
    (value["role"] === "user" || value["role"] === "assistant") &&
    typeof value["content"] === "string" &&
    (value["failure"] === undefined || (isRecord(value["failure"]) && typeof value["failure"]["title"] === "string"))
  );
}
