import { expect, test } from "vitest";

import { afterChange, type Change } from "../src/conversations/changes";
import { titleOf, turns, type Conversation } from "../src/conversations/conversation";
import { groupByDay } from "../src/conversations/groups";
import { loadConversations, saveConversations } from "../src/conversations/storage";

const failure = { title: "The model could not answer", advice: "Try again." };

function after(...changes: Change[]): readonly Conversation[] {
  return changes.reduce(afterChange, [] as readonly Conversation[]);
}

function ask(conversation: string, content: string, at = 1): Change {
  return { type: "asked", conversation, model: "demo", at, question: { id: `q-${content}`, role: "user", content } };
}

const answering: Change = { type: "answering", conversation: "c", model: "demo", answer: "a" };
const receive = (piece: string): Change => ({ type: "received", conversation: "c", answer: "a", piece });

test("an answer grows piece by piece, and then is whole", () => {
  const growing = after(ask("c", "hi"), answering, receive("Hel"), receive("lo"));
  expect(growing[0]?.messages.at(-1)).toMatchObject({ content: "Hello", state: "streaming" });
  const whole = afterChange(growing, { type: "answered", conversation: "c", answer: "a" });
  expect(whole[0]?.messages.at(-1)).toEqual({ id: "a", role: "assistant", model: "demo", content: "Hello" });
});

test("what was said before a stop or a failure stays", () => {
  const growing = after(ask("c", "hi"), answering, receive("Hel"));
  const stopped = afterChange(growing, { type: "stopped", conversation: "c", answer: "a" });
  expect(stopped[0]?.messages.at(-1)).toMatchObject({ content: "Hel", state: "stopped" });
  const failed = afterChange(growing, { type: "failed", conversation: "c", answer: "a", failure });
  expect(failed[0]?.messages.at(-1)).toMatchObject({ content: "Hel", state: "failed", failure });
});

test("the conversation asked last is the first, and keeps its title", () => {
  const [first, second] = after(ask("c", "one"), ask("d", "two"), ask("c", "three"));
  expect(first).toMatchObject({ id: "c", title: "one" });
  expect(second).toMatchObject({ id: "d" });
});

test("a withdrawn message and a deleted conversation are gone", () => {
  const state = after(ask("c", "hi"), answering, { type: "withdrawn", conversation: "c", message: "a" });
  expect(state[0]?.messages).toHaveLength(1);
  expect(afterChange(state, { type: "deleted", conversation: "c" })).toEqual([]);
});

test("a piece for a conversation that was deleted meanwhile changes nothing", () => {
  expect(after(ask("c", "hi"), answering, { type: "deleted", conversation: "c" }, receive("late"))).toEqual([]);
});

test("a model does not see empty answers", () => {
  const [conversation] = after(ask("c", "hi"), answering, { type: "failed", conversation: "c", answer: "a", failure });
  expect(turns(conversation?.messages ?? [])).toEqual([{ role: "user", content: "hi" }]);
});

test("a title is short and cut between words", () => {
  expect(titleOf("  What is\n a pod? ")).toBe("What is a pod?");
  expect(titleOf("Explain the difference between a Deployment and a StatefulSet")).toBe(
    "Explain the difference between a Deployment and…",
  );
});

/** As much of a browser's storage as these tests need. */
function storage(limit = Infinity, content: Record<string, string> = {}): Storage {
  return {
    getItem: (key: string) => content[key] ?? null,
    setItem: (key: string, value: string) => {
      if (value.length > limit) throw new DOMException("full", "QuotaExceededError");
      content[key] = value;
    },
    removeItem: (key: string) => void delete content[key],
  } as Storage;
}

test("conversations survive a reload, and an answer that was growing has stopped", () => {
  const kept = storage();
  saveConversations(after(ask("c", "hi"), answering, receive("Hel")), kept);
  expect(loadConversations(kept)[0]?.messages.at(-1)).toMatchObject({ content: "Hel", state: "stopped" });
  saveConversations([], kept);
  expect(loadConversations(kept)).toEqual([]);
});

test("the latest conversations are kept where not all fit", () => {
  const kept = storage(250);
  saveConversations(after(ask("a", "one"), ask("b", "two"), ask("c", "three")), kept);
  expect(loadConversations(kept).map((each) => each.id)).toEqual(["c"]);
});

test.each(["no JSON", "{}", '[{"id":1}]', '[{"id":"a","title":"","model":"","updatedAt":1,"messages":[{"role":"system"}]}]'])(
  "what cannot be read is passed over: %s",
  (text) => {
    expect(loadConversations(storage(Infinity, { "llm-stack.conversations": text }))).toEqual([]);
  },
);

test("a browser that allows no storage is no failure", () => {
  expect(loadConversations(undefined)).toEqual([]);
  saveConversations(after(ask("c", "hi")), undefined);
  saveConversations(after(ask("c", "hi")), storage(0));
});

test("conversations are grouped by calendar days", () => {
  const at = (text: string) => new Date(text).getTime();
  const conversations = [
    ask("now", "a", at("2026-03-10T00:01")),
    ask("evening", "b", at("2026-03-09T23:59")),
    ask("week", "c", at("2026-03-04T12:00")),
    ask("old", "d", at("2026-01-01T12:00")),
  ];
  const groups = groupByDay([...after(...conversations)], new Date("2026-03-10T08:00"));
  expect(groups.map((group) => [group.label, ...group.conversations.map((each) => each.id)])).toEqual([
    ["Today", "now"],
    ["Yesterday", "evening"],
    ["Last 7 days", "week"],
    ["Older", "old"],
  ]);
});
