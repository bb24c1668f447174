import type { Turn } from "../api/chat";
import type { FailureText } from "../api/failure-text";

export interface Message {
  readonly id: string;
  readonly role: "user" | "assistant";
  readonly content: string;
  /** Of an answer: who gave it. */
  readonly model?: string;
  /** Of an answer: whether it still grows, was stopped by the person, or failed. Whole answers have no state. */
  readonly state?: "streaming" | "stopped" | "failed";
  readonly failure?: FailureText;
}

export interface Conversation {
  readonly id: string;
  readonly title: string;
  readonly model: string;
  readonly updatedAt: number;
  readonly messages: readonly Message[];
}

/** Unique on this machine; unlike `crypto.randomUUID`, also on a page which is served without TLS. */
export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The beginning of the first question, cut between words. */
export function titleOf(question: string): string {
  const line = question.trim().replace(/\s+/g, " ");
  return line.length <= 48 ? line : line.slice(0, 48).replace(/\s+\S*$/, "") + "…";
}

/** What the model is to see: answers without a word in them would only confuse it. */
export function turns(messages: readonly Message[]): Turn[] {
  return messages.filter(({ content }) => content !== "").map(({ role, content }) => ({ role, content }));
}
