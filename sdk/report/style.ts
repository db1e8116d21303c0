// The one style sheet. Colours are variables, so dark mode and print change a block of names and nothing else.
// Type scale: 0.8125 / 0.9375 / 1.125 / 1.5 / 2.25 rem; spacing in steps of 4 px.

const LIGHT = `--page:#f6f5f1;--card:#ffffff;--ink:#1d2733;--soft:#5c6875;--line:#e2e0d9;--accent:#0f6b6b;--wash:#eaf2f1;
--paper:#fffaf7;--grid-small:#f8dfd8;--grid-large:#edb9ac;--trace:#1a2430;--hatch:#c9c6bd;--hatch-back:#f3f1eb;
--warn:#7a4b00;--warn-back:#fdf3df;--warn-line:#e8c98a;--good:#2f855a;--fair:#b7791f;--poor:#c0392b;
--flag-0:#c2410c;--flag-1:#7c3aed;--flag-2:#b7791f;--flag-3:#be185d;--flag-4:#64748b;`;

const DARK = `--page:#10161d;--card:#171f29;--ink:#e6eaee;--soft:#9aa7b4;--line:#2a3542;--accent:#5cc2bb;--wash:#15282b;
--paper:#19191d;--grid-small:#2b2224;--grid-large:#4d3433;--trace:#f1ece6;--hatch:#4a5563;--hatch-back:#1d2530;
--warn:#f3d08a;--warn-back:#2d2412;--warn-line:#6b5320;--good:#5bbd8a;--fair:#d9a441;--poor:#e57368;
--flag-0:#fb923c;--flag-1:#b794f6;--flag-2:#e0b34c;--flag-3:#f472b6;--flag-4:#94a3b8;`;

export const REPORT_STYLE = `
:root{color-scheme:light;${LIGHT}}
@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;${DARK}}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:400 0.9375rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1120px;margin:0 auto;padding:56px 24px 24px}
header{margin-bottom:32px}
h1{font-size:2.25rem;line-height:1.2;font-weight:650;letter-spacing:-0.015em;margin:4px 0 8px;overflow-wrap:anywhere}
h2{font-size:1.5rem;line-height:1.3;font-weight:620;letter-spacing:-0.01em;margin:0 0 16px}
h3{font-size:1.125rem;line-height:1.4;font-weight:620;margin:0 0 12px}
h4{font-size:0.9375rem;font-weight:620;margin:24px 0 8px}
p{margin:0 0 12px;max-width:74ch}
.kicker{color:var(--accent);font-size:0.8125rem;font-weight:620;letter-spacing:0.06em;text-transform:uppercase;margin:0}
.quiet,figcaption,caption{color:var(--soft)}
.nowrap{white-space:nowrap}
.sensor{color:var(--soft);font-weight:400;margin-left:12px;overflow-wrap:anywhere}
code{font:0.8125rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.hash{overflow-wrap:anywhere;color:var(--soft)}
pre{background:var(--wash);border-radius:8px;padding:12px 16px;margin:0 0 12px;overflow-x:auto}
pre code{font-size:0.9375rem;color:var(--ink)}
.about,article>.part,main>.part{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:24px;margin:0 0 20px}
.about h2{font-size:1.125rem;margin-bottom:12px}
.about h3{font-size:0.9375rem;margin-bottom:4px;color:var(--accent)}
.about p{margin:0}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:16px 40px}
article{margin:48px 0}
.identity{display:flex;flex-wrap:wrap;gap:8px 40px;margin:0 0 24px}
.identity dt,.facts dt{color:var(--soft);font-size:0.8125rem}
dd{margin:0;overflow-wrap:anywhere}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:16px 40px;margin:0}
.tiles{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px}
.tiles li{background:var(--wash);border-radius:10px;padding:16px;display:flex;flex-direction:column;gap:2px}
.label{font-size:0.8125rem;color:var(--soft)}
.value{font-size:1.5rem;line-height:1.3;font-weight:620;letter-spacing:-0.01em;white-space:nowrap}
.value small{font-size:0.8125rem;font-weight:400;color:var(--soft);letter-spacing:0}
.note{font-size:0.8125rem;line-height:1.5;color:var(--soft)}
.quality{display:inline-flex;align-items:center;gap:6px;white-space:nowrap}
.bar{width:40px;height:6px;flex:none}
.bar-back{fill:var(--line)}.good .bar-fill{fill:var(--good)}.fair .bar-fill{fill:var(--fair)}.poor .bar-fill{fill:var(--poor)}
figure{margin:0}
.picture{overflow-x:auto}
.picture svg{display:block;width:100%;min-width:720px;height:auto}
.defs{position:absolute}
figcaption,caption{font-size:0.8125rem;line-height:1.5;margin-top:8px}
caption{text-align:left;caption-side:bottom;margin:0;padding-top:8px}
svg text{font-family:inherit;fill:var(--soft)}
.tick{font-size:12px}.axis-name{font-size:12px;font-weight:600}
.paper{fill:var(--paper)}
.grid-small{stroke:var(--grid-small);stroke-width:.6;fill:none}.grid-large{stroke:var(--grid-large);stroke-width:.8;fill:none}
.trace{stroke:var(--trace);stroke-width:1.4;fill:none;stroke-linejoin:round}
.beat-line{stroke:var(--accent);stroke-width:1;stroke-opacity:.28}.beat-mark{fill:var(--accent)}
.hatch-back{fill:var(--hatch-back)}.hatch-line{stroke:var(--hatch);stroke-width:3}
svg .gap-name{font-size:12px;font-weight:600;fill:var(--ink);paint-order:stroke;stroke:var(--hatch-back);stroke-width:6px;stroke-linejoin:round}
.rule{stroke:var(--line);stroke-width:1}.axis{stroke:var(--soft);stroke-width:1;fill:none}
.rr-line{stroke:var(--accent);stroke-width:1.2;fill:none;stroke-linejoin:round}
.rr-dot,.flagged{fill:none;stroke-linecap:round;stroke-width:4.4}.rr-dot{stroke:var(--accent)}.flagged{stroke-width:6}
.flag-0{stroke:var(--flag-0);--key:var(--flag-0)}.flag-1{stroke:var(--flag-1);--key:var(--flag-1)}.flag-2{stroke:var(--flag-2);--key:var(--flag-2)}.flag-3{stroke:var(--flag-3);--key:var(--flag-3)}.flag-4{stroke:var(--flag-4);--key:var(--flag-4)}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 24px;margin:8px 0 0;padding:0;font-size:0.8125rem}
.legend b{font-weight:620}
.key{display:inline-block;width:10px;height:10px;border-radius:50%;margin-right:8px;background:var(--key,var(--accent))}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}
table.narrow{width:auto;min-width:min(100%,520px)}
th,td{text-align:left;vertical-align:top;padding:8px 16px 8px 0;border-bottom:1px solid var(--line);font-weight:400}
th:last-child,td:last-child{padding-right:0}
thead th{font-size:0.8125rem;color:var(--soft);font-weight:600;white-space:nowrap;border-bottom-color:var(--soft)}
.number{text-align:right;white-space:nowrap}
.segments .hash{display:inline-block;width:33ch;max-width:100%}
.unit{color:var(--soft)}
.meaning{overflow-wrap:anywhere}
.warning{background:var(--warn-back);border:1px solid var(--warn-line);color:var(--warn);border-radius:8px;padding:12px 16px;margin:0 0 20px;max-width:none}
footer{max-width:1120px;margin:0 auto;padding:0 24px 56px;color:var(--soft);font-size:0.8125rem}
@media print{
@page{margin:14mm}
body{background:none;font-size:10pt}
main,footer{max-width:none;padding:0}
.about,article>.part,main>.part{border:none;padding:0;margin:0 0 18px;border-radius:0}
.tiles{grid-template-columns:repeat(3,1fr)}
.picture,.scroll{overflow:visible}.picture svg{min-width:0}
svg,.tiles li,.warning,pre,.key{print-color-adjust:exact;-webkit-print-color-adjust:exact}
figure,.tiles,.warning,tr,.about{break-inside:avoid}
h2,h3,h4{break-after:avoid}
thead{display:table-header-group}
}
`;
