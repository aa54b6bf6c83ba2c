// A handout as a PDF, made on the device: real text in the fonts that every reader has, pictures as JPEG.
import { jsPDF } from "jspdf";
import { type Piece, type Placed, paginate } from "./flow";
import { writable } from "./letters";
import {
  type Block,
  type Handout,
  type HandoutPicture,
  type Line,
  PAPERS,
  type Paper,
  type Tone,
} from "./model";

type Colour = readonly [number, number, number];

/** mm. */
const MARGIN = { side: 17, top: 15, bottom: 17 };
const GAP = 5;
const INDENT = 4.2;
const BAR = 1.1;
const PAD = 3;

/** How high pictures may be, mm: the largest with which everything is on so many pages, else the smallest. */
const PICTURES = [80, 74, 68, 62, 56];
const PAGES = 2;

const INK: Colour = [28, 35, 41];
const SOFT: Colour = [75, 86, 95];
const ACCENT: Colour = [11, 92, 158];
const LINE: Colour = [200, 208, 214];
const TONES: Record<Tone, { bar: Colour; fill: Colour }> = {
  emergency: { bar: [166, 24, 33], fill: [253, 240, 240] },
  urgent: { bar: [138, 75, 0], fill: [253, 245, 232] },
  calm: { bar: ACCENT, fill: [238, 245, 251] },
};

/** Sizes of type, pt. */
const TYPE = {
  title: 20,
  subtitle: 10.5,
  lead: 11.5,
  heading: 12,
  text: 9.6,
  box: 9.4,
  small: 7.4,
  foot: 7.6,
};
const LEADING = 1.29;
const PT = 25.4 / 72;

const lineHeight = (size: number) => size * PT * LEADING;

/** One word as it stands on a line. */
interface Word {
  readonly text: string;
  readonly strong: boolean;
}

/** Draws one handout on one kind of paper. */
class Sheet {
  readonly doc: jsPDF;
  readonly width: number;
  readonly height: number;
  private readonly left = MARGIN.side;
  private readonly room: number;

  private picture = 0;

  constructor(paper: Paper) {
    [this.width, this.height] = PAPERS[paper];
    this.room = this.width - 2 * MARGIN.side;
    this.doc = new jsPDF({ unit: "mm", format: [...PAPERS[paper]], compress: true, putOnlyUsedFonts: true });
  }

  draw(handout: Handout): void {
    const pages = this.laidOut(handout);
    pages.forEach((placed, i) => {
      if (i) this.doc.addPage([this.width, this.height]);
      for (const { piece, y } of placed) piece.draw(y);
      this.foot(handout.footer, i + 1, pages.length);
    });
  }

  /** Pages with pictures as large as the number of pages allows. */
  private laidOut(handout: Handout): Placed[][] {
    let pages: Placed[][] = [];
    for (const height of PICTURES) {
      this.picture = height;
      const pieces = [...this.head(handout), ...handout.blocks.flatMap((block) => this.pieces(block))];
      pages = paginate(pieces, MARGIN.top, this.height - MARGIN.bottom);
      if (pages.length <= PAGES) break;
    }
    return pages;
  }

  private head({ title, subtitle, about }: Handout): Piece[] {
    const line: Line = {
      text: [subtitle, ...about.map(({ lead, text }) => `${lead}: ${text}`)].join("   ·   "),
    };
    const rule: Piece = {
      height: 0,
      above: 2.2,
      keeps: true,
      draw: (y) => {
        this.doc.setDrawColor(...ACCENT).setLineWidth(0.6);
        this.doc.line(this.left, y, this.left + this.room, y);
      },
    };
    return [
      { ...this.words({ lead: title, text: "" }, TYPE.title, 0), keeps: true },
      { ...this.words(line, TYPE.subtitle, 0.6, { colour: SOFT }), keeps: true },
      rule,
    ];
  }

  private pieces(block: Block): Piece[] {
    switch (block.kind) {
      case "lead":
        return [this.words({ text: block.text }, TYPE.lead, 4)];
      case "heading":
        return [
          {
            ...this.words({ lead: block.text, text: "" }, TYPE.heading, 4.6, { colour: ACCENT }),
            keeps: true,
          },
        ];
      case "text":
        return block.lines.map((line, i) => this.words(line, TYPE.text, i ? 0.8 : 1.2));
      case "list":
        return block.items.map((line, i) => this.item(line, TYPE.text, i ? 0.8 : 1.4));
      case "pictures":
        return this.pictures(block.pictures, block.legend);
      case "box":
        return [this.box(block)];
      case "small":
        return [
          { ...this.words({ lead: block.title, text: "" }, TYPE.foot, 5, { colour: SOFT }), keeps: true },
          ...block.lines.map((text, i) => ({
            ...this.words({ text }, TYPE.small, 0.5, { colour: SOFT }),
            keeps: i < block.lines.length - 1,
          })),
        ];
    }
  }

  /** Words of a line, broken to a width; a strong beginning and the rest run on in one paragraph. */
  private broken({ lead, text, english }: Line, size: number, width: number): Word[][] {
    const lines: Word[][] = [[]];
    let used = 0;
    const parts = [
      ...(lead
        ? writable(lead)
            .split(/ +/)
            .map((word) => ({ text: word, strong: true }))
        : []),
      ...writable(english ? `${text} [${english}]` : text)
        .split(/\s+/)
        .map((word) => ({ text: word, strong: false })),
    ].filter((word) => word.text);
    for (const word of parts) {
      const wide = this.wide(word, size);
      const space = this.wide({ text: " ", strong: false }, size);
      if (used && used + space + wide > width) {
        lines.push([]);
        used = 0;
      }
      lines.at(-1)?.push(word);
      used += wide + (used ? space : 0);
    }
    return lines;
  }

  private wide({ text, strong }: Word, size: number): number {
    this.doc.setFont("helvetica", strong ? "bold" : "normal").setFontSize(size);
    return this.doc.getTextWidth(text);
  }

  /** Writes broken lines; neighbours of one weight are one run of text, so that they can be selected and found. */
  private write(lines: readonly Word[][], x: number, y: number, size: number, colour: Colour): void {
    const space = this.wide({ text: " ", strong: false }, size);
    this.doc.setTextColor(...colour);
    lines.forEach((words, i) => {
      const baseline = y + size * PT * 0.93 + i * lineHeight(size);
      const strong = words.filter((word) => word.strong).map(({ text }) => text);
      const rest = words.filter((word) => !word.strong).map(({ text }) => text);
      let at = x;
      for (const [run, bold] of [
        [strong.join(" "), true],
        [rest.join(" "), false],
      ] as const) {
        if (!run) continue;
        this.doc.setFont("helvetica", bold ? "bold" : "normal").setFontSize(size);
        this.doc.text(run, at, baseline);
        at += this.doc.getTextWidth(run) + space;
      }
    });
  }

  private words(
    line: Line,
    size: number,
    above: number,
    { colour = INK as Colour, x = this.left, room = this.room } = {},
  ): Piece {
    const lines = this.broken(line, size, room);
    return {
      height: lines.length * lineHeight(size),
      above,
      draw: (y) => this.write(lines, x, y, size, colour),
    };
  }

  private item(line: Line, size: number, above: number, x = this.left, room = this.room): Piece {
    const inner = this.words(line, size, above, { x: x + INDENT, room: room - INDENT });
    return {
      ...inner,
      draw: (y) => {
        this.doc.setFillColor(...ACCENT);
        this.doc.circle(x + 1.2, y + lineHeight(size) * 0.45, 0.55, "F");
        inner.draw(y);
      },
    };
  }

  private box({ tone, title, items }: Extract<Block, { kind: "box" }>): Piece {
    const { bar, fill } = TONES[tone];
    const x = this.left + BAR + PAD;
    const room = this.room - BAR - 2 * PAD;
    const inner = [
      this.words({ lead: title, text: "" }, TYPE.box + 0.6, 0, { colour: bar, x, room }),
      ...items.map((line) => this.item(line, TYPE.box, 0.9, x, room)),
    ];
    const height = inner.reduce((sum, piece) => sum + piece.height + piece.above, 0) + 2 * 2.2;
    return {
      height,
      above: 2.6,
      draw: (top) => {
        this.doc.setFillColor(...fill).rect(this.left, top, this.room, height, "F");
        this.doc.setFillColor(...bar).rect(this.left, top, BAR, height, "F");
        let y = top + 2.2;
        for (const piece of inner) {
          y += piece.above;
          piece.draw(y);
          y += piece.height;
        }
      },
    };
  }

  private pictures(pictures: readonly HandoutPicture[], legend: string): Piece[] {
    const each = (this.room - GAP * (pictures.length - 1)) / pictures.length;
    const height = Math.min(this.picture, ...pictures.map((one) => (each * one.height) / one.width));
    const wide = pictures.map((one) => Math.min(each, (height * one.width) / one.height));
    const left = pictures.map((_, i) => this.left + i * (each + GAP) + (each - (wide[i] ?? each)) / 2);
    const row: Piece = {
      height,
      above: 3.4,
      keeps: true,
      draw: (y) => {
        for (const [i, { address }] of pictures.entries()) {
          const place = [left[i] ?? 0, y, wide[i] ?? each, height] as const;
          this.doc.addImage(address, "JPEG", ...place, `picture-${i}`);
          this.doc
            .setDrawColor(...LINE)
            .setLineWidth(0.2)
            .rect(...place, "S");
        }
      },
    };
    const captions = pictures.map((one, i) =>
      this.words({ lead: one.caption, text: "" }, TYPE.small + 0.8, 1.4, {
        colour: SOFT,
        x: left[i] ?? this.left,
        room: wide[i] ?? each,
      }),
    );
    const under: Piece = {
      height: Math.max(...captions.map((piece) => piece.height)),
      above: 1.4,
      keeps: true,
      draw: (y) => {
        for (const piece of captions) piece.draw(y);
      },
    };
    return [row, under, this.words({ text: legend }, TYPE.box, 1.2)];
  }

  private foot(text: string, page: number, of: number): void {
    const y = this.height - MARGIN.bottom + 6.5;
    this.doc
      .setDrawColor(...LINE)
      .setLineWidth(0.2)
      .line(this.left, y - 4, this.left + this.room, y - 4);
    this.doc
      .setFont("helvetica", "normal")
      .setFontSize(TYPE.foot)
      .setTextColor(...SOFT);
    this.doc.text(writable(text), this.left, y);
    if (of > 1) this.doc.text(`${page} / ${of}`, this.left + this.room, y, { align: "right" });
  }
}

/** The bytes of a PDF. Who it is for stands on the page alone, never in the file's properties. */
export function makePdf(handout: Handout, paper: Paper): ArrayBuffer {
  const sheet = new Sheet(paper);
  sheet.doc.setLanguage(handout.language as "en");
  sheet.doc.setDocumentProperties({ title: writable(handout.title), creator: "Ischia", subject: "Handout" });
  sheet.draw(handout);
  return sheet.doc.output("arraybuffer");
}
