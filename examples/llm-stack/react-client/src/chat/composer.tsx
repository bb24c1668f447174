import { useEffect, useLayoutEffect, useRef, type FormEvent, type KeyboardEvent } from "react";

import { IconButton } from "../parts/icon-button";
import { SendIcon, StopIcon } from "../parts/icons";

interface Props {
  readonly draft: string;
  readonly onDraft: (text: string) => void;
  /** Nobody is there to ask. */
  readonly disabled: boolean;
  readonly streaming: boolean;
  readonly onSend: () => void;
  readonly onStop: () => void;
}

export function Composer({ draft, onDraft, disabled, streaming, onSend, onStop }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);

  // The field grows with its text, up to the height which CSS allows.
  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }, [draft]);

  // Write at once, also after a suggestion; but do not bring up a phone's keyboard unasked.
  useEffect(() => {
    if (window.matchMedia("(pointer: fine)").matches) field.current?.focus();
  }, [disabled]);
  useEffect(() => {
    if (draft !== "" && document.activeElement !== field.current) field.current?.focus();
  }, [draft]);

  function submit(event: FormEvent) {
    event.preventDefault();
    onSend();
  }

  function stop() {
    field.current?.focus(); // the button goes, and would take the focus with it
    onStop();
  }

  function key(event: KeyboardEvent) {
    // While an input method composes a character, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    onSend();
  }

  return (
    <form className="composer" onSubmit={submit}>
      <div className="composer-box">
        <textarea
          ref={field}
          rows={1}
          aria-label="Message"
          placeholder={disabled ? "Waiting for a model" : "Ask anything"}
          value={draft}
          disabled={disabled}
          enterKeyHint="send"
          onChange={(event) => onDraft(event.target.value)}
          onKeyDown={key}
        />
        {streaming ? (
          <IconButton label="Stop" className="send-button" onClick={stop}>
            <StopIcon />
          </IconButton>
        ) : (
          <IconButton label="Send" className="send-button" type="submit" disabled={disabled || draft.trim() === ""}>
            <SendIcon />
          </IconButton>
        )}
      </div>
      <p className="composer-hint">
        <kbd>Enter</kbd> sends, <kbd>Shift</kbd> + <kbd>Enter</kbd> makes a new line. Answers can be wrong.
      </p>
    </form>
  );
}
