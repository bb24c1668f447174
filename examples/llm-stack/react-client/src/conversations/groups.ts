import type { Conversation } from "./conversation";

export interface Group {
  readonly label: string;
  readonly conversations: readonly Conversation[];
}

/** Conversations by the day of their last question, as the person's own calendar counts days. */
export function groupByDay(conversations: readonly Conversation[], now: Date): readonly Group[] {
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  const daysAgo = (days: number) => new Date(today.getFullYear(), today.getMonth(), today.getDate() - days).getTime();
  const bounds: readonly [label: string, since: number][] = [
    ["Today", today.getTime()],
    ["Yesterday", daysAgo(1)],
    ["Last 7 days", daysAgo(7)],
    ["Older", -Infinity],
  ];
  const label = (at: number) => bounds.find(([, since]) => at >= since)?.[0];
  return bounds
    .map(([name]) => ({ label: name, conversations: conversations.filter((each) => label(each.updatedAt) === name) }))
    .filter((group) => group.conversations.length > 0);
}
