// A handout as a page: its preview on the screen, and what is printed.
import type { Block, Handout, Line } from "./model";

export function HandoutPage({ handout }: { handout: Handout }) {
  return (
    <article class="handout" lang={handout.language} aria-label={handout.title}>
      <header>
        <h1>{handout.title}</h1>
        <p>{[handout.subtitle, ...handout.about.map(({ lead, text }) => `${lead}: ${text}`)].join(" · ")}</p>
      </header>
      {handout.blocks.map((block, i) => (
        // The blocks of one handout never change places.
        <BlockOf key={i} block={block} />
      ))}
      <footer>{handout.footer}</footer>
    </article>
  );
}

function BlockOf({ block }: { block: Block }) {
  switch (block.kind) {
    case "lead":
      return <p class="handout-lead">{block.text}</p>;
    case "heading":
      return <h2>{block.text}</h2>;
    case "text":
      return (
        <>
          {block.lines.map((line) => (
            <p key={line.text}>
              <Words line={line} />
            </p>
          ))}
        </>
      );
    case "list":
      return <Items items={block.items} />;
    case "box":
      return (
        <section class="handout-box" data-tone={block.tone}>
          <h3>{block.title}</h3>
          <Items items={block.items} />
        </section>
      );
    case "pictures":
      return (
        <div class="handout-pictures">
          {block.pictures.map(({ address, width, height, caption }) => (
            <figure key={caption}>
              <img src={address} width={width} height={height} alt={caption} />
              <figcaption>{caption}</figcaption>
            </figure>
          ))}
          <p>{block.legend}</p>
        </div>
      );
    case "small":
      return (
        <section class="handout-small">
          <h3>{block.title}</h3>
          {block.lines.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </section>
      );
  }
}

function Items({ items }: { items: readonly Line[] }) {
  return (
    <ul>
      {items.map((line) => (
        <li key={line.text}>
          <Words line={line} />
        </li>
      ))}
    </ul>
  );
}

function Words({ line }: { line: Line }) {
  return (
    <>
      {line.lead && <strong>{line.lead} </strong>}
      {line.text}
      {line.english && (
        <span class="beside" lang="en">
          {line.english}
        </span>
      )}
    </>
  );
}
