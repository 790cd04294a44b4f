/** Tells the person at the terminal, in one line, what is going on; progress belongs on stderr. */
export type Announce = (line: string) => void;
