import { ChatPage } from "./chat/chat-page";
import { Connecting } from "./session/connecting";
import { SignInForm } from "./session/sign-in-form";
import { useSession } from "./session/use-session";

export function App() {
  const { session, retry, signInWith, signOut } = useSession();
  switch (session.phase) {
    case "connecting":
      return <Connecting onRetry={retry} />;
    case "waiting":
      return <Connecting failure={session.failure} onRetry={retry} />;
    case "sign-in":
      return <SignInForm onboarding={session.onboarding} failure={session.failure} onSubmit={signInWith} />;
    case "ready":
      return (
        <ChatPage
          token={session.token}
          models={session.models}
          onSignOut={session.authentication ? signOut : undefined}
          onTokenRejected={session.authentication ? signOut : retry}
        />
      );
  }
}
