import { useCallback, useEffect, useRef, type Dispatch } from "react";

import { streamAnswer } from "../api/chat";
import { asFailure } from "../api/failure";
import { failureText } from "../api/failure-text";
import type { Change } from "../conversations/changes";
import { newId, turns, type Message } from "../conversations/conversation";

export interface Answers {
  /** Asks the model to go on from these messages, and adds its answer to the conversation. */
  readonly answer: (conversation: string, model: string, messages: readonly Message[]) => Promise<void>;
  readonly stop: (conversation: string) => void;
}

/** The answers that are being written, at most one for each conversation. */
export function useAnswers(token: string, change: Dispatch<Change>, onTokenRejected: () => void): Answers {
  const running = useRef(new Map<string, AbortController>());

  const stop = useCallback((conversation: string) => running.current.get(conversation)?.abort(), []);

  const answer = useCallback(
    async (conversation: string, model: string, messages: readonly Message[]) => {
      const controller = new AbortController();
      running.current.get(conversation)?.abort();
      running.current.set(conversation, controller);
      const id = newId();
      const { signal } = controller;
      change({ type: "answering", conversation, model, answer: id });
      try {
        for await (const piece of streamAnswer({ token, model, messages: turns(messages), signal })) {
          change({ type: "received", conversation, answer: id, piece });
        }
        change({ type: "answered", conversation, answer: id });
      } catch (thrown) {
        if (signal.aborted) {
          change({ type: "stopped", conversation, answer: id });
        } else {
          const failure = asFailure(thrown);
          change({ type: "failed", conversation, answer: id, failure: failureText(failure) });
          if (failure.kind === "signed-out") onTokenRejected();
        }
      } finally {
        if (running.current.get(conversation) === controller) running.current.delete(conversation);
      }
    },
    [token, change, onTokenRejected],
  );

  // Whoever signs out or leaves the page wants no more answers.
  useEffect(() => {
    const controllers = running.current;
    return () => controllers.forEach((controller) => controller.abort());
  }, []);

  return { answer, stop };
}
