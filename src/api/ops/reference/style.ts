export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --soft: #57606a; --rule: #d0d7de; --fill: #f6f8fa; --link: #0969da; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --paper: #0d1117; --soft: #9198a1; --rule: #30363d; --fill: #161b22; --link: #58a6ff; }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
a { color: var(--link); text-decoration: none; } a:hover { text-decoration: underline; }
code, pre { font: 13px/1.5 ui-monospace, monospace; }
pre { padding: .75rem 1rem; overflow-x: auto; background: var(--fill); border: 1px solid var(--rule); border-radius: 6px; }
nav { padding: 1rem; border-bottom: 1px solid var(--rule); font-size: 13px; }
nav h2 { margin: 1rem 0 .25rem; font-size: 13px; color: var(--soft); } nav ul { margin: 0; padding: 0; list-style: none; }
main { max-width: 62rem; padding: 1rem; }
h1 { font-size: 1.6rem; } main > section > h2 { margin-top: 3rem; padding-bottom: .3rem; border-bottom: 1px solid var(--rule); }
article { margin: 2rem 0; } article h3 { margin: 0; font-size: 1.05rem; }
.call { margin: .2rem 0; overflow-wrap: anywhere; } .call b { text-transform: uppercase; }
.soft { color: var(--soft); }
.wide { overflow-x: auto; }
table { width: 100%; margin: .5rem 0 1rem; border-collapse: collapse; }
th, td { padding: .3rem .6rem .3rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); }
th { font-size: 13px; color: var(--soft); } td p { margin: 0; } td:first-child { white-space: nowrap; }
td:nth-child(2) { min-width: 8rem; overflow-wrap: anywhere; }
@media (min-width: 60rem) {
  body { display: grid; grid-template-columns: 17rem minmax(0, 1fr); }
  nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; border-right: 1px solid var(--rule); border-bottom: 0; }
  main { padding: 1rem 2.5rem 6rem; }
}
`
