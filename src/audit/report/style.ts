import { variables } from './palette.js'

/** The one style sheet of the report; its hash is in the page's policy. */
export const STYLE = `
:root{color-scheme:light dark;${variables(0)}}
@media (prefers-color-scheme:dark){:root{${variables(1)}}}
@media print{:root{color-scheme:light;${variables(0)}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
a{color:var(--link)}
a:focus-visible,input:focus-visible+label,.scroll:focus-visible{outline:2px solid var(--link);outline-offset:2px}
header,main,footer{max-width:70rem;margin:0 auto;padding:0 1.5rem}
h1,h2,h3,p,ul,ol,figure,dl,dd{margin:0}
h1{font-size:1rem;font-weight:600;letter-spacing:.01em}
h2{font-size:1.3rem;line-height:1.25;letter-spacing:-.01em}
h3{font-size:1.02rem;line-height:1.35}
header{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:baseline;justify-content:space-between;padding-top:1.6rem;padding-bottom:1rem}
header p{color:var(--soft)}
nav{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;padding:.2rem 0 1.1rem;font-size:.9rem}
nav a{text-decoration:none}
nav a:hover{text-decoration:underline}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.6rem 1.8rem;margin-bottom:1.1rem}
.card>h2+*{margin-top:.5rem}
.lead{color:var(--soft);max-width:62ch}
.note{color:var(--soft);font-size:.88rem;margin-top:.6rem}
.hero{padding:2rem 1.8rem 1.7rem}
.hero .kicker{color:var(--soft)}
.hero .sum{font-size:clamp(2.4rem,8vw,4rem);line-height:1.08;font-weight:680;letter-spacing:-.03em;color:var(--surely);margin:.15rem 0 .3rem}
.hero .sum.none{color:var(--good)}
.hero .said{font-size:1.12rem;max-width:58ch}
.span{position:relative;margin-top:1.3rem}
.split{display:block;width:100%;height:22px;border-radius:6px}
.whisker{display:block;width:100%;height:16px;margin-top:4px;overflow:visible}
.legend{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.2rem,1fr));gap:.7rem 1.2rem;margin-top:.8rem;padding:0;list-style:none}
.legend svg{width:11px;height:11px;margin-right:.45rem;border-radius:3px}
.legend strong{display:block;font-size:1.06rem}
.legend span{color:var(--soft);font-size:.86rem;display:block}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(14.5rem,1fr));gap:1.1rem;margin-bottom:1.1rem}
.facts>div{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.1rem 1.25rem}
.facts dt{color:var(--soft);font-size:.88rem}
.facts dd.big{font-size:1.28rem;line-height:1.3;font-weight:640;letter-spacing:-.01em;margin:.15rem 0 .3rem}
.facts dd{font-size:.92rem;overflow-wrap:anywhere}
.do{margin:.6rem 0 0;padding-left:1.3rem}
.do li{margin:.35rem 0}
figure{margin-top:1rem}
figure svg{display:block;max-width:100%;height:auto}
figcaption{color:var(--soft);font-size:.88rem;margin-top:.4rem;max-width:85ch}
.narrow{display:none}
.map{width:100%;height:auto;display:block}
.keys{display:flex;flex-wrap:wrap;gap:.3rem 1rem;color:var(--soft);font-size:.85rem;margin-top:.5rem;padding:0;list-style:none}
.keys svg{width:22px;height:11px;margin-right:.4rem;border-radius:2px}
.scroll{overflow-x:auto;margin-top:1rem;max-width:100%}
table{border-collapse:collapse;width:100%;font-size:.92rem}
caption{text-align:left;font-weight:600;padding:.2rem 0 .5rem}
th,td{padding:.42rem .7rem;text-align:right;white-space:nowrap;border-bottom:1px solid var(--line);vertical-align:top}
thead th{color:var(--soft);font-weight:500;font-size:.85rem;border-bottom-color:var(--soft)}
tbody th{font-weight:500;white-space:normal;min-width:8.5rem;max-width:30rem}
.text,tbody th{text-align:left}
td.text{white-space:normal;min-width:5rem}
th:first-child,td:first-child{padding-left:0}
th:last-child,td:last-child{padding-right:0}
.share{width:64px;height:8px;border-radius:3px;margin-left:.6rem;vertical-align:middle}
.tag{display:inline-block;border:1px solid currentColor;border-radius:99px;padding:0 .55rem;font-size:.78rem;line-height:1.5;color:var(--soft);font-weight:500}
.tag.attack{color:var(--surely)}
.incident{border-top:1px solid var(--line);padding-top:1.3rem;margin-top:1.5rem}
.incident .head{display:flex;flex-wrap:wrap;gap:.2rem 1rem;align-items:baseline;justify-content:space-between}
.incident .cost{font-size:1.12rem;font-weight:640}
.incident .when{color:var(--soft);font-size:.92rem}
.two{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1.15fr);gap:0 2rem;align-items:start}
.because{margin:1rem 0 0;padding-left:1.15rem}
.because li{margin:.3rem 0}
.pick{border:0;padding:0;margin:1rem 0 0}
.pick legend{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.pick input{position:absolute;opacity:0;pointer-events:none}
.pick label{display:inline-block;padding:.2rem .8rem;border:1px solid var(--line);border-radius:99px;font-size:.88rem;color:var(--soft);cursor:pointer;margin-right:.3rem}
.pick input:checked+label{color:var(--card);background:var(--ink);border-color:var(--ink)}
.pane{display:none}
.pick:has(#by-day:checked)~.pane.day,.pick:has(#by-week:checked)~.pane.week,.pick:has(#by-month:checked)~.pane.month{display:block}
code,pre{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
code{background:var(--sunk);padding:.1rem .3rem;border-radius:4px;overflow-wrap:anywhere}
pre code{background:none;padding:0;overflow-wrap:normal}
pre{background:var(--sunk);border:1px solid var(--line);border-radius:8px;padding:1rem 1.1rem;overflow:auto;margin:1rem 0 0;max-height:34rem}
.button{display:inline-block;margin-top:1rem;padding:.45rem 1rem;border-radius:8px;background:var(--ink);color:var(--card);text-decoration:none;font-weight:550}
.card>h3{margin-top:1.3rem}
.plain{padding-left:1.15rem;margin-top:.7rem}
.plain li{margin:.35rem 0;max-width:85ch;overflow-wrap:anywhere}
.models{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:1rem;margin-top:1.1rem}
.models>div{border:1px solid var(--line);border-radius:10px;padding:1rem 1.1rem}
.models .amount{font-size:1.35rem;font-weight:640;letter-spacing:-.01em;margin:.1rem 0}
.models .said{font-size:.9rem;color:var(--soft);overflow-wrap:anywhere}
footer{color:var(--soft);font-size:.86rem;padding-top:.4rem;padding-bottom:2.5rem}
@media (max-width:820px){.two{grid-template-columns:minmax(0,1fr)}}
@media (max-width:640px){
header,main,footer{padding-left:.9rem;padding-right:.9rem}
.card,.hero{padding:1.15rem 1rem}
.wide{display:none}.narrow{display:block}
.facts{grid-template-columns:minmax(0,1fr);gap:.7rem}
}
@media print{
body{background:#fff;font-size:10.5pt}
nav,.pick legend,.pick label,.button{display:none}
header,main,footer{max-width:none;padding-left:0;padding-right:0}
.card,.facts>div{border-radius:0;border-width:1px 0 0;padding:1rem 0}
.scroll,pre{overflow:visible;max-height:none}
.incident,figure,tr,.facts>div,.models>div{break-inside:avoid}
h2,h3{break-after:avoid}
pre{white-space:pre-wrap}
.facts{grid-template-columns:1fr 1fr}
}`
