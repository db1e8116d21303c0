// What the page of an analysis adds to the report's style sheet; the colours are the report's variables.

export const ANALYSIS_STYLE = `
.line-0{stroke:var(--accent);--key:var(--accent)}.line-1{stroke:var(--flag-0);--key:var(--flag-0)}.line-2{stroke:var(--flag-1);--key:var(--flag-1)}.line-3{stroke:var(--flag-2);--key:var(--flag-2)}.line-4{stroke:var(--flag-4);--key:var(--flag-4)}
.series,.series-dot{fill:none;stroke-linejoin:round;stroke-linecap:round}
.series{stroke-width:1.6}.series-dot{stroke-width:4.4}
.series-band{stroke:none;fill:var(--key);fill-opacity:.16}
.band-bar{fill:var(--accent);fill-opacity:.75}.whisker{stroke:var(--ink);stroke-width:1.4;fill:none}
.band-name,.band-value{font-size:14px}svg .band-code{font-weight:620;fill:var(--ink)}svg .band-value{fill:var(--ink)}
.indices .meaning{min-width:16em}
.indices .group{font-weight:620;color:var(--accent);padding-top:20px}
figure h4:first-child{margin-top:0}
`;
