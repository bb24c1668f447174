import { useCallback, useState } from "react";

import { preferredModel, type Model } from "../api/models";
import { newId, type Message } from "../conversations/conversation";
import { useConversations } from "../conversations/use-conversations";
import { Sidebar } from "../conversations/sidebar";
import { IconButton } from "../parts/icon-button";
import { MenuIcon, NewChatIcon } from "../parts/icons";
import { storedText } from "../storage/stored-text";
import { ThemeButton } from "../theme/theme-button";
import { Composer } from "./composer";
import { MessageList } from "./message-list";
import { ModelPicker } from "./model-picker";
import { NoModels } from "./no-models";
import { useAnswers } from "./use-answers";
import { Welcome } from "./welcome";

interface Props {
  readonly token: string;
  readonly models: readonly Model[];
  readonly onSignOut: (() => void) | undefined;
  readonly onTokenRejected: () => void;
}

const lastModel = storedText("llm-stack.model");

export function ChatPage({ token, models, onSignOut, onTokenRejected }: Props) {
  const [conversations, change] = useConversations();
  const { answer, stop } = useAnswers(token, change, onTokenRejected);
  const [open, setOpen] = useState<string>(); // no conversation is open while the first question is being written
  const [chosen, setChosen] = useState(() => lastModel.read());
  const [menu, setMenu] = useState(false);
  const [draft, setDraft] = useState("");

  const conversation = conversations.find((each) => each.id === open);
  const messages = conversation?.messages ?? [];
  const model = preferredModel(models, chosen);
  const streaming = messages.at(-1)?.state === "streaming";

  function show(id: string | undefined) {
    setOpen(id);
    setMenu(false);
    const its = conversations.find((each) => each.id === id)?.model;
    if (its !== undefined) setChosen(its);
  }

  function choose(id: string) {
    setChosen(id);
    lastModel.write(id);
  }

  function ask() {
    const content = draft.trim();
    if (content === "" || model === undefined || streaming) return;
    const question: Message = { id: newId(), role: "user", content };
    const id = conversation?.id ?? newId();
    change({ type: "asked", conversation: id, model, question, at: Date.now() });
    setOpen(id);
    setDraft("");
    void answer(id, model, [...messages, question]);
  }

  function askAgain() {
    const last = messages.at(-1);
    if (!conversation || model === undefined || last?.role !== "assistant") return;
    change({ type: "withdrawn", conversation: conversation.id, message: last.id });
    void answer(conversation.id, model, messages.slice(0, -1));
  }

  function remove(id: string) {
    stop(id);
    change({ type: "deleted", conversation: id });
    if (id === open) setOpen(undefined);
  }

  const closeMenu = useCallback(() => setMenu(false), []);

  return (
    <div className="layout">
      <Sidebar
        conversations={conversations}
        current={open}
        shown={menu}
        onClose={closeMenu}
        onOpen={show}
        onDelete={remove}
        onSignOut={onSignOut}
      />
      <div className="chat">
        <header className="topbar">
          <IconButton label="Conversations" className="only-narrow" aria-expanded={menu} onClick={() => setMenu(true)}>
            <MenuIcon />
          </IconButton>
          <ModelPicker models={models} chosen={model} onChoose={choose} />
          <span className="stretch" />
          <ThemeButton />
          <IconButton label="New chat" className="only-narrow" onClick={() => show(undefined)}>
            <NewChatIcon />
          </IconButton>
        </header>
        <main className="conversation">
          {models.length === 0 ? <NoModels /> : null}
          {conversation ? (
            <>
              <h1 className="visually-hidden">{conversation.title}</h1>
              <MessageList key={conversation.id} messages={messages} onAskAgain={askAgain} />
            </>
          ) : (
            <Welcome onSuggestion={setDraft} />
          )}
          <Composer
            key={open ?? "new"}
            draft={draft}
            onDraft={setDraft}
            disabled={model === undefined}
            streaming={streaming}
            onSend={ask}
            onStop={() => conversation && stop(conversation.id)}
          />
        </main>
      </div>
    </div>
  );
}
