import { memo } from "react";

import type { Message } from "../conversations/conversation";
import { CopyButton } from "../parts/copy-button";
import { IconButton } from "../parts/icon-button";
import { AgainIcon } from "../parts/icons";
import { Mark } from "../parts/mark";
import { Notice } from "../parts/notice";
import { Prose } from "./prose";

interface Props {
  readonly message: Message;
  /** Given for the last answer only. */
  readonly onAskAgain: (() => void) | undefined;
}

export const Answer = memo(function Answer({ message, onAskAgain }: Props) {
  const { content, model, state, failure } = message;
  const streaming = state === "streaming";
  return (
    <article className="answer" aria-label={`Answer of ${model}`} aria-busy={streaming}>
      <Mark />
      <div className="answer-body">
        <p className="answer-model">{model}</p>
        {content === "" && streaming ? <Dots /> : <Prose text={content} growing={streaming} />}
        {failure ? (
          <Notice text={failure}>
            {onAskAgain ? (
              <button type="button" className="notice-button" onClick={onAskAgain}>
                Try again
              </button>
            ) : null}
          </Notice>
        ) : null}
        {state === "stopped" ? <p className="answer-stopped">Stopped</p> : null}
        {streaming || (failure && content === "") ? null : (
          <div className="answer-actions">
            {content === "" ? null : <CopyButton text={content} label="Copy answer" />}
            {onAskAgain && !failure ? (
              <IconButton label="Answer again" onClick={onAskAgain}>
                <AgainIcon />
              </IconButton>
            ) : null}
          </div>
        )}
      </div>
    </article>
  );
});

function Dots() {
  return (
    <span className="dots" aria-hidden="true">
      <i />
      <i />
      <i />
    </span>
  );
}
