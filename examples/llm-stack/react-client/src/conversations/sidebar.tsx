import { useEffect, useRef } from "react";

import { IconButton } from "../parts/icon-button";
import { CloseIcon, DeleteIcon, NewChatIcon, SignOutIcon } from "../parts/icons";
import { Mark } from "../parts/mark";
import type { Conversation } from "./conversation";
import { groupByDay } from "./groups";

interface Props {
  readonly conversations: readonly Conversation[];
  readonly current: string | undefined;
  /** On a narrow page it lies over the chat and is shown when asked for; on a wide one it is always there. */
  readonly shown: boolean;
  readonly onClose: () => void;
  readonly onOpen: (id: string | undefined) => void;
  readonly onDelete: (id: string) => void;
  readonly onSignOut: (() => void) | undefined;
}

export function Sidebar({ conversations, current, shown, onClose, onOpen, onDelete, onSignOut }: Props) {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!shown) return;
    panel.current?.querySelector("button")?.focus();
    const escape = (event: KeyboardEvent) => event.key === "Escape" && onClose();
    window.addEventListener("keydown", escape);
    return () => window.removeEventListener("keydown", escape);
  }, [shown, onClose]);

  return (
    <>
      <nav ref={panel} className="sidebar" data-shown={shown} aria-label="Conversations">
        <div className="sidebar-head">
          <Mark />
          <span className="stretch">Chat</span>
          <IconButton label="Close" className="only-narrow" onClick={onClose}>
            <CloseIcon />
          </IconButton>
        </div>
        <button type="button" className="new-chat" onClick={() => onOpen(undefined)}>
          <NewChatIcon />
          New chat
        </button>
        <div className="sidebar-list">
          {groupByDay(conversations, new Date()).map(({ label, conversations }) => (
            <section key={label}>
              <h2>{label}</h2>
              <ul>
                {conversations.map(({ id, title }) => (
                  <li key={id} className="sidebar-item">
                    <button type="button" aria-current={id === current ? "page" : undefined} onClick={() => onOpen(id)}>
                      {title}
                    </button>
                    <IconButton label={`Delete “${title}”`} onClick={() => onDelete(id)}>
                      <DeleteIcon />
                    </IconButton>
                  </li>
                ))}
              </ul>
            </section>
          ))}
          {conversations.length === 0 ? <p className="sidebar-empty">Your conversations will be here. They stay in this browser.</p> : null}
        </div>
        {onSignOut ? (
          <button type="button" className="sign-out" onClick={onSignOut}>
            <SignOutIcon />
            Sign out
          </button>
        ) : null}
      </nav>
      <div className="backdrop" data-shown={shown} onClick={onClose} />
    </>
  );
}
