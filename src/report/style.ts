/** The style of report.html: light and dark, readable from the width of a telephone upwards. */
export const style = `
:root { color-scheme: light dark; --ink: #1c2430; --muted: #5a6675; --paper: #fdfdfb; --card: #ffffff; --line: #d9dee5; --good: #1d6b3a; --bad: #a8281f; --mark: #2563a8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --muted: #a3adba; --paper: #14181e; --card: #1b2129; --line: #343d49; --good: #6fcf97; --bad: #ff8f84; --mark: #7db3ee; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 24px 20px 60px; }
h1 { font-size: 28px; margin: 0 0 8px; overflow-wrap: anywhere; } h2 { font-size: 21px; margin: 48px 0 10px; } h3 { font-size: 16px; margin: 22px 0 6px; }
section { border-top: 1px solid var(--line); } section h2 { margin-top: 28px; }
p { max-width: 82ch; margin: 8px 0; }
.headline { display: flex; flex-wrap: wrap; gap: 12px; margin: 18px 0 6px; padding: 0; list-style: none; }
.headline li { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 10px 16px; flex: 1 1 130px; max-width: 300px; }
.headline strong { display: block; font-size: 22px; font-variant-numeric: tabular-nums; white-space: nowrap; } .headline span { color: var(--muted); font-size: 14px; }
.verdict { font-weight: 600; } .good { color: var(--good); } .bad, .bad td { color: var(--bad); }
.lights { margin: 10px 0; padding: 0; list-style: none; } .lights li { margin: 3px 0; } .lights span { color: var(--muted); font-size: 14px; }
figure { margin: 0; } figcaption, .caption { color: var(--muted); font-size: 14px; max-width: 82ch; }
.diagram { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 16px; overflow-x: auto; }
.diagram svg { display: block; max-width: 100%; height: auto; margin: 0 auto 8px; }
table { border-collapse: collapse; width: 100%; font-size: 14.5px; }
.figures table { table-layout: fixed; }
.figures th:nth-child(1) { width: 25%; } .figures th:nth-child(2) { width: 8em; } .figures th:nth-child(3) { width: 4.5em; } .figures th:nth-child(4) { width: 8em; }
th, td { text-align: left; padding: 5px 10px; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--muted); font-weight: 500; } .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td small { display: block; color: var(--muted); font-size: 13px; }
.scroll { overflow-x: auto; } .scroll table { width: auto; min-width: 50%; } .scroll th, .scroll td { white-space: nowrap; }
.kind { white-space: nowrap; color: var(--muted); }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 380px), 1fr)); gap: 20px; margin: 16px 0; }
.plots figure { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px 16px; }
.plots svg { display: block; width: 100%; height: auto; }
.plots h3 { margin-top: 0; }
details { margin: 16px 0; } summary { cursor: pointer; color: var(--mark); }
footer { color: var(--muted); margin-top: 40px; border-top: 1px solid var(--line); }
@media (max-width: 720px) {
  .figures thead { display: none; }
  .figures tr { display: grid; grid-template-columns: auto auto 1fr; column-gap: 8px; border-bottom: 1px solid var(--line); padding: 6px 0; }
  .figures td { border: 0; padding: 0; } .figures td:first-child { grid-column: 1 / -1; font-weight: 500; } .figures td:last-child { grid-column: 1 / -1; color: var(--muted); font-size: 13px; overflow-wrap: anywhere; }
  .figures td.number { text-align: left; } .figures td.kind { text-align: right; }
  .headline li { max-width: none; }
}
`
