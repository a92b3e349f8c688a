const DARK = `
    --ground: #0f1419; --panel: #171d24; --text: #e8ecf1; --quiet: #a3adba; --line: #2c353f; --border: #6b7683;
    --ok: #4ade80; --warn: #fbbf24; --bad: #ff8a80; --info: #8ab4f8; --idle: #a3adba;`;

/** The style sheet of every page the node serves. Contrast of all text is at least 5.9 on its ground. */
export const STYLE = `:root {
  --ground: #f4f5f7; --panel: #fff; --text: #1a1f26; --quiet: #525a66; --line: #d5d9df; --border: #767f8c;
  --ok: #0b6b3a; --warn: #8a5200; --bad: #b3261e; --info: #1d4ed8; --idle: #525a66;
  color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :root:not([data-theme=light]) {${DARK}
  }
}
:root[data-theme=dark] {${DARK}
  color-scheme: dark;
}
:root[data-theme=light] { color-scheme: light; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body {
  margin: 0 auto; padding: 0 1rem 2rem; max-width: 60rem; background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
}
h1, h2, p, ul, dl, dd, pre { margin: 0; }
h1 { font-size: 1.25rem; }
h2 { font-size: 1.05rem; margin-bottom: .6rem; }
h2 small { font-weight: normal; }
ul { padding: 0; list-style: none; }
small, .span, .live, #identity { color: var(--quiet); font-size: .875rem; }
a { color: var(--info); }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
:focus-visible { outline: 3px solid var(--info); outline-offset: 2px; }
main:focus { outline: none; }
.unseen, .skip:not(:focus) {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
.skip:focus { position: absolute; top: .5rem; left: .5rem; padding: .5rem 1rem; background: var(--panel); z-index: 1; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .2rem 1rem; padding: 1rem 0; }
header .live { margin-left: auto; font-variant-numeric: tabular-nums; }
main { display: grid; gap: 1rem; }
main section, .notice > p {
  min-width: 0; padding: 1rem; background: var(--panel); border: 1px solid var(--line); border-radius: .5rem;
}
.notice:empty { display: none; }
.notice > p { padding: .5rem 1rem; border: 1px dashed var(--border); }
.icon {
  flex: none; width: 1.25rem; height: 1.25rem; fill: none; stroke: var(--tone); stroke-width: 2;
  stroke-linecap: round; stroke-linejoin: round;
}
[data-tone=ok] { --tone: var(--ok); }
[data-tone=warn] { --tone: var(--warn); }
[data-tone=bad] { --tone: var(--bad); }
[data-tone=info] { --tone: var(--info); }
[data-tone=idle] { --tone: var(--idle); }
.status { display: flex; align-items: center; gap: .9rem; border-left: .4rem solid var(--tone) !important; font-size: 1.2rem; min-height: 7rem; }
.status .icon { display: block; width: 2.2rem; height: 2.2rem; }
.status strong, li > .icon + div strong { color: var(--tone); }
.retry { margin-top: .5rem; font-size: 1rem; }
.status noscript { font-size: 1rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); gap: .9rem; margin-top: .5rem; }
.figures dt { color: var(--quiet); font-size: .875rem; }
.figures b { display: block; font-size: 1.5rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.figures small { display: block; line-height: 1.3; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .4rem .5rem; border-top: 1px solid var(--line); text-align: right; font-variant-numeric: tabular-nums; }
thead th { overflow-wrap: normal; border: 0; color: var(--quiet); font-size: .875rem; font-weight: normal; }
th:first-child { padding-left: 0; text-align: left; font-weight: normal; }
ol { margin: 0; padding: 0; list-style: none; }
.rows li { display: flex; align-items: flex-start; gap: .6rem; padding: .5rem 0; border-top: 1px solid var(--line); }
.rows li:first-child { border-top: 0; }
.rows li > div { flex: 1; min-width: 0; }
.rows strong { color: var(--tone); }
.rows + p { margin-top: .6rem; }
.done:empty { display: none; }
.done { padding: .5rem 1rem; border: 1px solid var(--border); border-radius: .5rem; background: var(--panel); }
#conditions li { display: flex; gap: .6rem; padding: .4rem 0; }
pre {
  margin: .6rem 0; padding: .7rem; background: var(--ground); border: 1px solid var(--line); border-radius: .3rem;
  white-space: pre-wrap;
}
button {
  min-height: 2.2rem; padding: .3rem 1rem; border: 1px solid var(--border); border-radius: .3rem;
  background: var(--panel); color: inherit; font: inherit; cursor: pointer;
}
footer { padding: 1.2rem 0; }
footer ul { display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; }
footer li { min-height: 1.6rem; }
/* Dimmed no further than texts stay readable; the rest is said by the lack of colour and by broken borders. */
[data-contact=lost] .dims { opacity: .88; filter: grayscale(1); border-style: dashed; }
.error { display: grid; gap: .3rem; }
.error:has(:target) { border-color: var(--info); box-shadow: inset .4rem 0 var(--info); }
.error h2 { margin: 0; scroll-margin-top: 2rem; }
.index { columns: 14rem; margin-top: .8rem; }
.index li { padding: .15rem 0; }
@media (prefers-reduced-motion: no-preference) { .dims { transition: opacity .3s; } }
@media (forced-colors: active) {
  .icon { stroke: CanvasText; }
  .status { border-left-color: CanvasText !important; }
}
@media (max-width: 30rem) {
  body { padding: 0 .6rem 1.5rem; }
  header .live { margin-left: 0; }
  main section { padding: .8rem; }
  .figures { grid-template-columns: 1fr 1fr; }
  .status { font-size: 1.1rem; }
}
`;
