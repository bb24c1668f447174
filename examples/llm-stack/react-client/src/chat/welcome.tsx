import { Mark } from "../parts/mark";

const suggestions = [
  { title: "Say hello", text: "Hello! Who are you, and what can you do?" },
  { title: "Explain something", text: "Explain what a Kubernetes Service does, with a small example." },
  { title: "Write a draft", text: "Draft a short e-mail which moves tomorrow’s meeting to Thursday." },
];

export function Welcome({ onSuggestion }: { onSuggestion: (text: string) => void }) {
  return (
    <div className="welcome">
      <Mark />
      <h1>What can I do for you?</h1>
      <div className="suggestions">
        {suggestions.map(({ title, text }) => (
          <button key={title} type="button" className="suggestion" onClick={() => onSuggestion(text)}>
            <strong>{title}</strong>
            <span>{text}</span>
          </button>
        ))}
      </div>
    </div>
  );
}
