/** The style of what the reader acts with: controls of the page, dialogs, the filter. */
export const CONTROLS_STYLE = `
.controls, .filter, .acts { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem .6rem; }
.filter { margin-bottom: .6rem; }
select, input[type=search], input:not([type]) {
  min-height: 2.2rem; max-width: 100%; padding: .3rem .6rem; border: 1px solid var(--border); border-radius: .3rem;
  background: var(--panel); color: inherit; font: inherit;
}
input[type=checkbox], input[type=radio] { width: 1.15rem; height: 1.15rem; margin: .2rem 0; accent-color: var(--info); }
kbd {
  display: inline-block; min-width: 1.6em; padding: 0 .35em; border: 1px solid var(--border); border-radius: .25rem;
  font: .9em ui-monospace, monospace; text-align: center;
}
.done { position: sticky; top: .5rem; z-index: 1; }
.dialog {
  width: min(36rem, calc(100vw - 1.5rem)); max-height: calc(100vh - 2rem); padding: 1.2rem; overflow: auto;
  border: 1px solid var(--border); border-radius: .5rem; background: var(--panel); color: inherit;
}
.dialog::backdrop { background: rgb(0 0 0 / .55); }
.dialog form, #dialog-body { display: grid; gap: .8rem; min-width: 0; }
.dialog h2 { margin: 0; }
.dialog .field { display: grid; gap: .3rem; }
.dialog fieldset { display: grid; gap: .4rem; min-width: 0; margin: 0; padding: .6rem .8rem; border: 1px solid var(--line); border-radius: .3rem; }
.dialog fieldset label { display: flex; gap: .6rem; align-items: flex-start; min-height: 1.6rem; }
.dialog fieldset label input { flex: none; }
.dialog .acts { justify-content: flex-end; margin-top: .4rem; }
.dialog .go { border-color: var(--info); background: var(--info); color: var(--panel); font-weight: bold; }
.said:empty, #dialog-body:empty { display: none !important; }
.steps li strong { color: var(--tone); }
.keys { display: grid; gap: .4rem; }
.keys div { display: grid; grid-template-columns: 9rem 1fr; gap: .6rem; }
@media (forced-colors: active) { .dialog .go { border-width: 3px; } }
@media (max-width: 30rem) { .keys div { grid-template-columns: 7rem 1fr; } .dialog { padding: .9rem; } }
`;
