/** JSON as text. */
export type Json = string;
/** UTC text of fixed width. */
export type Time = string;
/** A truth value. */
export type Flag = 0 | 1;
