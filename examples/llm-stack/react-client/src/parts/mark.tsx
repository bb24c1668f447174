/** The page's own sign, also that of the answers. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" />
      <path d="M8.5 11.5a3 3 0 0 1 3-3h9a3 3 0 0 1 3 3v6a3 3 0 0 1-3 3h-5.200l-4.3 3.400v-3.500a3 3 0 0 1-2.5-2.900z" />
    </svg>
  );
}
