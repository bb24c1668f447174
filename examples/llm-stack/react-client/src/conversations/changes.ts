import type { FailureText } from "../api/failure-text";
import { titleOf, type Conversation, type Message } from "./conversation";

export type Change =
  | { readonly type: "asked"; readonly conversation: string; readonly model: string; readonly question: Message; readonly at: number }
  | { readonly type: "answering"; readonly conversation: string; readonly model: string; readonly answer: string }
  | { readonly type: "received"; readonly conversation: string; readonly answer: string; readonly piece: string }
  | { readonly type: "answered"; readonly conversation: string; readonly answer: string }
  | { readonly type: "stopped"; readonly conversation: string; readonly answer: string }
  | { readonly type: "failed"; readonly conversation: string; readonly answer: string; readonly failure: FailureText }
  | { readonly type: "withdrawn"; readonly conversation: string; readonly message: string }
  | { readonly type: "deleted"; readonly conversation: string };

/** All conversations after a change, the latest first. */
export function afterChange(conversations: readonly Conversation[], change: Change): readonly Conversation[] {
  switch (change.type) {
    case "asked": {
      const { conversation: id, model, question, at } = change;
      const known = conversations.find((each) => each.id === id);
      const asked: Conversation = {
        id,
        title: known?.title ?? titleOf(question.content),
        model,
        updatedAt: at,
        messages: [...(known?.messages ?? []), question],
      };
      return [asked, ...conversations.filter((each) => each.id !== id)];
    }
    case "deleted":
      return conversations.filter((each) => each.id !== change.conversation);
    default:
      return conversations.map((each) =>
        each.id === change.conversation ? { ...each, messages: messagesAfter(each.messages, change) } : each,
      );
  }
}

type MessageChange = Exclude<Change, { type: "asked" | "deleted" }>;

function messagesAfter(messages: readonly Message[], change: MessageChange): readonly Message[] {
  switch (change.type) {
    case "answering": {
      const { answer: id, model } = change;
      return [...messages, { id, role: "assistant", content: "", model, state: "streaming" }];
    }
    case "withdrawn":
      return messages.filter(({ id }) => id !== change.message);
    default:
      return messages.map((message) => (message.id === change.answer ? answerAfter(message, change) : message));
  }
}

function answerAfter(
  { state: _, ...answer }: Message,
  change: Exclude<MessageChange, { type: "answering" | "withdrawn" }>,
): Message {
  switch (change.type) {
    case "received":
      return { ...answer, state: "streaming", content: answer.content + change.piece };
    case "answered":
      return answer;
    case "stopped":
      return { ...answer, state: "stopped" };
    case "failed":
      return { ...answer, state: "failed", failure: change.failure };
  }
}
