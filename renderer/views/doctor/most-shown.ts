/** So many rows of a list are shown; one cause may have thousands of them, and the first ones tell it. */
export const MOST_SHOWN = 50;
