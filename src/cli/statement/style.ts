/** For a screen and for A4. */
export const STYLE = `
:root { color-scheme: light; font: 14px/1.45 system-ui, sans-serif; color: #1d2430; }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1.5rem; background: #fff; }
header { display: flex; justify-content: space-between; align-items: end; border-bottom: 2px solid #1d2430; }
header p { text-align: right; }
h1 { font-size: 1.7rem; margin: 0 0 .6rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .6rem; }
small { color: #667085; font-weight: normal; }
table { border-collapse: collapse; width: 100%; margin-bottom: 1.4rem; font-variant-numeric: tabular-nums; }
table.narrow { width: auto; min-width: 24rem; }
th, td { padding: .25rem .6rem; text-align: left; font-weight: normal; border-bottom: 1px solid #e4e7ec; vertical-align: top; }
thead th { color: #667085; border-bottom-color: #98a2b3; white-space: nowrap; }
thead th + th, .number { text-align: right; }
.notes thead th:not(:last-child) { text-align: left; }
.sum th, .sum td { font-weight: 600; border-top: 1px solid #98a2b3; }
.part th, .part td { color: #667085; font-size: .9em; }
.part th { padding-left: 1.6rem; }
.wrong th, .wrong td { color: #b42318; font-weight: 600; }
@page { size: A4; margin: 16mm 14mm; }
@media print {
  :root { font-size: 10px; }
  body { max-width: none; margin: 0; padding: 0; }
  tr, h2 { break-inside: avoid; }
  h2 { break-after: avoid; }
  thead { display: table-header-group; }
}
`
