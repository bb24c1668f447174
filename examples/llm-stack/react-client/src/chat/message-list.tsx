import type { Message } from "../conversations/conversation";
import { IconButton } from "../parts/icon-button";
import { DownIcon } from "../parts/icons";
import { Answer } from "./answer";
import { Question } from "./question";
import { useStickToEnd } from "./use-stick-to-end";

interface Props {
  readonly messages: readonly Message[];
  readonly onAskAgain: () => void;
}

export function MessageList({ messages, onAskAgain }: Props) {
  const { scroller, atEnd, toEnd } = useStickToEnd(messages);
  const last = messages.at(-1);
  return (
    <div className="messages-frame">
      <div className="messages" ref={scroller} tabIndex={0} role="group" aria-label="Messages">
        <div className="column">
          {messages.map((message) =>
            message.role === "user" ? (
              <Question key={message.id} content={message.content} />
            ) : (
              <Answer key={message.id} message={message} onAskAgain={message === last ? onAskAgain : undefined} />
            ),
          )}
        </div>
      </div>
      <p className="visually-hidden" role="status">
        {last?.state === "streaming" ? "An answer is being written" : last?.role === "assistant" ? "The answer is there" : ""}
      </p>
      {atEnd ? null : (
        <IconButton label="To the latest message" className="to-end" onClick={toEnd}>
          <DownIcon />
        </IconButton>
      )}
    </div>
  );
}
