// Lays pieces out on pages: one below the other, each whole, a heading never without what it heads.

/** Something of a known height that can be drawn at any place. */
export interface Piece {
  readonly height: number;
  /** Space above it, where it does not begin a page. */
  readonly above: number;
  /** Stays on one page with the piece that comes next. */
  readonly keeps?: boolean;
  readonly draw: (y: number) => void;
}

/** A piece and where its top is on its page. */
export interface Placed {
  readonly piece: Piece;
  readonly y: number;
}

/** Pieces that stay together: one, or as many as keep to the next. */
function groups(pieces: readonly Piece[]): Piece[][] {
  const found: Piece[][] = [];
  let open = false;
  for (const piece of pieces) {
    if (open) found.at(-1)?.push(piece);
    else found.push([piece]);
    open = piece.keeps === true;
  }
  return found;
}

/** Pages between `top` and `bottom`; what is higher than a page begins one and goes beyond it. */
export function paginate(pieces: readonly Piece[], top: number, bottom: number): Placed[][] {
  const pages: Placed[][] = [[]];
  let y = top;
  for (const group of groups(pieces)) {
    const [head] = group;
    const height = group.reduce((sum, piece, i) => sum + piece.height + (i ? piece.above : 0), 0);
    const begins = pages.at(-1)?.length === 0;
    if (!begins && y + (head?.above ?? 0) + height > bottom) {
      pages.push([]);
      y = top;
    }
    for (const piece of group) {
      if (pages.at(-1)?.length) y += piece.above;
      pages.at(-1)?.push({ piece, y });
      y += piece.height;
    }
  }
  return pages;
}
