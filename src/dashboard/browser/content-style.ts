/** How what the first page shows is laid out: figures with their lines, targets with their day, tables of forecasts, vitals and limits. */
export const CONTENT_STYLE = `
summary { min-height: 1.6rem; cursor: pointer; }
.happened { font-size: 1rem; }
.happened details { margin-top: .4rem; }
.happened strong, .rows strong { color: var(--tone); }
.feel { grid-template-columns: repeat(5, minmax(0, 1fr)); margin: 0; }
.feel + .span { margin: .6rem 0 .2rem; }
.spark, .day { display: block; }
.spark svg { display: block; width: 100%; height: 1.5rem; margin: .15rem 0; border-bottom: 1px solid var(--line); }
.spark path { fill: none; stroke: var(--info); stroke-width: 1.5; stroke-linejoin: round; stroke-linecap: round; vector-effect: non-scaling-stroke; }
.day { flex: none; align-self: center; }
.day svg { display: block; width: 7.5rem; height: 1.25rem; }
.bar-idle { fill: var(--border); }
.bar-ok { fill: var(--ok); }
.bar-warn { fill: var(--warn); }
.bar-bad { fill: var(--bad); }
.targets .span, .keys + .span { color: var(--quiet); font-size: .875rem; }
.targets button { flex: none; align-self: center; }
.targets + .keys { border-top: 1px solid var(--line); }
td { overflow-wrap: normal; }
td small { white-space: nowrap; }
.vitals .word { color: var(--tone); text-align: left; padding-right: 0; }
.forecast th, .forecast td { text-align: left; }
.forecast th:first-child { width: 13rem; }
.forecast th { overflow-wrap: normal; }
.forecast td { overflow-wrap: anywhere; color: var(--tone); }
.forecast td p { margin: 0; color: var(--text); }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .3rem 1rem; margin-top: .8rem; }
.facts > div { display: contents; }
.facts dt { color: var(--quiet); }
#build { margin-bottom: .6rem; }
@media (forced-colors: active) {
  .spark path { stroke: CanvasText; }
  .bar-idle, .bar-ok, .bar-warn, .bar-bad { fill: CanvasText; }
}
@media (max-width: 50rem) { .feel { grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); } }
@media (max-width: 30rem) {
  header { padding: .5rem 0; gap: 0 1rem; }
  main { gap: .6rem; }
  .status { min-height: 0; gap: .6rem; align-items: flex-start; }
  .status .icon { width: 1.6rem; height: 1.6rem; }
  .feel { grid-template-columns: repeat(3, minmax(0, 1fr)); gap: .3rem .7rem; }
  .feel dt, .feel small { font-size: .8125rem; line-height: 1.25; }
  .feel b { font-size: 1.15rem; }
  .feel .spark svg { height: 1rem; }
  .targets { display: grid; gap: .6rem; }
  .targets li, .targets li:first-child { flex-wrap: wrap; padding: .6rem; border: 1px solid var(--line); border-radius: .4rem; }
  .targets li > div { flex: 1 1 80%; }
  .targets .day { flex: 1 0 100%; }
  .targets .day svg { width: 100%; height: 1.5rem; }
  .targets button { flex: 1 0 100%; min-height: 2.75rem; }
  th, td { padding: .4rem .25rem; }
  .forecast th:first-child { width: 6.5rem; }
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .facts dd { margin-bottom: .4rem; }
}
`;
