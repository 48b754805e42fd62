import { useMemo, useState, type JSX, type ReactNode } from 'react';
import { t } from '../../messages/t.ts';
import { compactJson, readJson, roughTokens, type JsonNode } from './json-tree.ts';
import { RawLines } from './raw-lines.tsx';

/** Characters of a value on one line, and of a text before it is folded. */
const ONE_LINE = 96;
const LONG_TEXT = 400;
const SHORT_TEXT = 120;
/** A list longer than this is folded to its ends. */
const SHORT_LIST = 4;

/** Props of {@link JsonView}: `label` names the text for those who do not see it. */
export type JsonViewProps = { readonly text: string; readonly label: string };

/** A text as JSON with line numbers, in which long texts and lists are folded until they are asked for. */
export function JsonView({ text, label }: JsonViewProps): JSX.Element {
  const root = useMemo(() => readJson(text), [text]);
  if (root === null) return <RawLines text={text} label={label} />;
  return (
    <div className="code act-code" role="group" aria-label={label} tabIndex={0}>
      <Node node={root} depth={0} comma={false} opens whole={false} />
    </div>
  );
}

type NodeProps = {
  readonly node: JsonNode;
  readonly depth: number;
  readonly comma: boolean;
  /** Whether it shows what is in it before it is asked. */
  readonly opens: boolean;
  /** Whether a person unfolded what it is in: nothing in there is folded then. */
  readonly whole: boolean;
};

function Node({ node, depth, comma, opens, whole }: NodeProps): JSX.Element {
  const [open, setOpen] = useState(opens);
  if (node.kind === 'value') {
    return (
      <Line number={node.line} depth={depth}>
        <Key node={node} />
        <Scalar node={node} opens={whole} />
        {comma && ','}
      </Line>
    );
  }
  const short = compactJson(node);
  if (short.length <= ONE_LINE && depth > 0) {
    return (
      <Line number={node.line} depth={depth}>
        <Compact node={node} />
        {comma && ','}
      </Line>
    );
  }
  const [left, right] = node.kind === 'list' ? ['[', ']'] : ['{', '}'];
  if (!open) {
    return (
      <Line number={node.line} depth={depth}>
        <Fold open={false} onPress={() => setOpen(true)}>
          <Compact node={node} cut />
          {comma && ','}
        </Fold>
      </Line>
    );
  }
  return (
    <>
      <Line number={node.line} depth={depth}>
        <Key node={node} />
        {depth === 0 ? (
          left
        ) : (
          <Fold open onPress={() => setOpen(false)}>
            {left}
          </Fold>
        )}
      </Line>
      <Items node={node} depth={depth + 1} unfolded={whole || !opens} />
      <Line number={node.end} depth={depth}>
        {right}
        {comma && ','}
      </Line>
    </>
  );
}

type Branch = Extract<JsonNode, { kind: 'list' | 'object' }>;

type ItemsProps = { readonly node: Branch; readonly depth: number; readonly unfolded: boolean };

function Items({ node, depth, unfolded }: ItemsProps): JSX.Element {
  const [whole, setWhole] = useState(unfolded || node.kind === 'object' || node.items.length <= SHORT_LIST);
  const { items } = node;
  const draw = (item: JsonNode): JSX.Element => (
    <Node
      key={item.line}
      node={item}
      depth={depth}
      comma={item !== items.at(-1)}
      // What is in the lists of a request is many times longer than the rest of it.
      opens={unfolded || depth < 2}
      whole={unfolded}
    />
  );
  if (whole) return <>{items.map(draw)}</>;
  // Of a talk the first and last message say what is asked; of tools the first ones what they are like.
  const ends = node.key === 'tools' ? 0 : 1;
  const hidden = items.slice(2 - ends, items.length - ends);
  return (
    <>
      {items.slice(0, 2 - ends).map(draw)}
      <Line number={hidden[0]?.line ?? node.line} depth={depth}>
        <Fold open={false} onPress={() => setWhole(true)}>
          <span className="c">{hiddenWords(node.key, hidden)}</span>
        </Fold>
      </Line>
      {items.slice(items.length - ends, items.length).map(draw)}
    </>
  );
}

function hiddenWords(key: string | null, hidden: readonly JsonNode[]): string {
  const tokens = hidden.reduce((sum, item) => sum + roughTokens(compactJson(item)), 0);
  const name = key === 'messages' || key === 'tools' ? key : 'items';
  return t('activity.json.hidden', {
    things: t(`activity.json.${name}`, { count: hidden.length }),
    tokens: t('activity.json.tokens', { count: tokens }),
  });
}

type LineProps = { readonly number: number; readonly depth: number; readonly children: ReactNode };

function Line({ number, depth, children }: LineProps): JSX.Element {
  return (
    <div className="l">
      <span>{number}</span>
      <span style={{ paddingInlineStart: `${depth * 2}ch` }}>{children}</span>
    </div>
  );
}

type FoldProps = { readonly open: boolean; readonly onPress: () => void; readonly children: ReactNode };

function Fold({ open, onPress, children }: FoldProps): JSX.Element {
  return (
    <button type="button" className="fold" aria-expanded={open} onClick={onPress}>
      {children}
    </button>
  );
}

function Key({ node }: { readonly node: JsonNode }): JSX.Element | null {
  if (node.key === null) return null;
  return (
    <>
      <span className="k">{JSON.stringify(node.key)}</span>
      {': '}
    </>
  );
}

const LOOKS = { text: 's', number: 'n', word: 'n', empty: 's' } as const;

type ScalarProps = { readonly node: Extract<JsonNode, { kind: 'value' }>; readonly opens: boolean };

function Scalar({ node, opens }: ScalarProps): JSX.Element {
  const [whole, setWhole] = useState(opens);
  if (whole || node.text.length <= LONG_TEXT) return <span className={LOOKS[node.scalar]}>{node.text}</span>;
  return (
    <Fold open={false} onPress={() => setWhole(true)}>
      <Cut text={node.text} chars={LONG_TEXT} />
    </Fold>
  );
}

/** A value with what is in it on one line; `cut` shortens the texts in it. */
function Compact({ node, cut = false }: { readonly node: JsonNode; readonly cut?: boolean }): JSX.Element {
  if (node.kind === 'value') {
    return (
      <>
        <Key node={node} />
        <span className={LOOKS[node.scalar]}>
          {cut && node.text.length > SHORT_TEXT ? <Cut text={node.text} chars={SHORT_TEXT} /> : node.text}
        </span>
      </>
    );
  }
  const [left, right] = node.kind === 'list' ? ['[', ']'] : ['{ ', ' }'];
  const tokens = cut && node.key !== null ? roughTokens(compactJson(node)) : 0;
  if (tokens > SHORT_TEXT / 4) {
    return (
      <>
        <Key node={node} />
        {left.trim()}… {right.trim()}{' '}
        <span className="c">{t('activity.json.tokens', { count: tokens })}</span>
      </>
    );
  }
  return (
    <>
      <Key node={node} />
      {left}
      {node.items.map((item, at) => (
        <span key={item.line}>
          {at > 0 && ', '}
          <Compact node={item} cut={cut} />
        </span>
      ))}
      {right}
    </>
  );
}

function Cut({ text, chars }: { readonly text: string; readonly chars: number }): JSX.Element {
  return (
    <>
      {text.slice(0, chars).toWellFormed()}…&quot;{' '}
      <span className="c">{t('activity.json.tokens', { count: roughTokens(text) })}</span>
    </>
  );
}
