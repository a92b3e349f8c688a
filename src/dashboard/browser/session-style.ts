/** How signing in and out looks. What does not fit into the first line of the header stands at the end of the next. */
export const SESSION_STYLE = `
header { justify-content: flex-end; }
#identity { margin-right: auto; }
#session-said:empty { margin-left: -1rem; }
header .live { margin-left: 0; }
.tools { display: flex; flex-wrap: wrap; align-items: baseline; gap: .4rem .6rem; }
#session:empty { display: none; }
.sign-in { display: flex; flex-wrap: wrap; align-items: center; justify-content: flex-end; gap: .5rem; flex-basis: 100%; }
.sign-in input {
  flex: 0 1 16rem; min-width: 0; min-height: 2.2rem; padding: .3rem .6rem; border: 1px solid var(--border);
  border-radius: .3rem; background: var(--panel); color: inherit; font: inherit;
}
.wrong { flex-basis: 100%; color: var(--bad); text-align: right; }
#sign-in-place { display: contents; }
@media (max-width: 30rem) {
  header, .sign-in { justify-content: flex-start; }
  .tools, .controls { gap: .3rem .4rem; }
  header button { padding: .3rem .45rem; }
  .sign-in input { flex: 1 1 7rem; }
  .wrong { text-align: left; }
}
`;
