/** The style of the history, which is loaded with it. */
export const PLOTS_STYLE = `
.ranges { display: flex; flex-wrap: wrap; gap: .4rem; margin: 0 0 .6rem; padding: 0; border: 0; min-width: 0; }
.ranges label { position: relative; cursor: pointer; }
.ranges input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer; }
.ranges span {
  display: block; min-height: 2.2rem; padding: .3rem .8rem; border: 1px solid var(--border); border-radius: .3rem;
}
.ranges input:checked + span { border: 2px solid var(--info); padding: calc(.3rem - 1px) calc(.8rem - 1px); color: var(--info); font-weight: bold; }
.ranges input:focus-visible + span { outline: 3px solid var(--info); outline-offset: 2px; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); gap: 1.5rem 1.2rem; margin-top: 1rem; }
.plot { min-width: 0; }
.plot h3 { margin: 0; font-size: 1rem; }
.plot h3 small { font-weight: normal; }
.key { display: flex; flex-wrap: wrap; gap: 0 .9rem; font-size: .875rem; }
.key li { display: flex; align-items: center; gap: .35rem; }
.sample { width: 30px; height: 8px; fill: none; stroke: var(--tone); stroke-width: 2.5; }
.canvas { min-height: 170px; overflow: hidden; }
.pointed, .summary { color: var(--quiet); font-size: .8125rem; }
.pointed { min-height: 2.6em; color: var(--text); }
.plot button { margin-top: .3rem; font-size: .875rem; }
.values { max-height: 20rem; margin-top: .5rem; overflow: auto; font-size: .875rem; }
.values caption { text-align: left; color: var(--quiet); }
#history-heals ul { font-size: .875rem; max-height: 12rem; overflow: auto; }
#history-heals summary { min-height: 1.6rem; cursor: pointer; }
[data-history=lost] .canvas { opacity: .55; }
@media (hover: none) { .pointed:empty { display: none; } }
@media (forced-colors: active) {
  .sample { stroke: CanvasText; }
  .ranges input:checked + span { border-color: Highlight; color: Highlight; }
}
`;
