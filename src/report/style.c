/* How the page looks, and its few lines of script, piece by piece (one long literal is more than
 * C17 promises to take). Both go into the page as they are; their hashes stand in its policy. */
#include "report/parts.h"

/* Colours reach 4.5:1 for text on their ground in both schemes. No film starts by itself, so less
 * motion needs no rule of its own.
 */
const char *const orl_report_css[] = {
    "\n",
    ":root{color-scheme:light "
    "dark;--paper:#fbfaf8;--card:#fff;--ink:#1c2126;--soft:#59626c;--line:#e1e0dc;--link:#0a5c9e;",
    "--bar:#fbfaf8ee;--still:#9a4300;--still-bg:#fdf0e2;--bad:#a51d1d;--bad-bg:#fdeeee;--good:#"
    "0a6b4c;--past:#d98324;",
    "--way:#e4e6e8;--shade:0 1px 2px #1c21260d,0 6px 24px #1c21260f}\n",
    "@media "
    "(prefers-color-scheme:dark){:root{--paper:#14171a;--card:#1c2024;--ink:#e9e8e4;--soft:#a3abb3;"
    "--line:#31373d;",
    "--link:#7dbcf0;--bar:#14171aee;--still:#ffb870;--still-bg:#33271a;--bad:#ff9c94;--bad-bg:#"
    "351c1c;--good:#67d0aa;",
    "--past:#ffb052;--way:#373e45;--shade:none}}\n",
    "*,::before,::after{box-sizing:border-box}\n",
    "html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-padding-top:4.5rem}\n",
    "body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.6 "
    "system-ui,-apple-system,\"Segoe UI\",",
    "Roboto,\"Noto Sans\",\"Liberation Sans\",sans-serif;overflow-wrap:anywhere}\n",
    "header,nav,main{max-width:80rem;margin-inline:auto;padding-inline:clamp(1.1rem,4vw,3rem)}\n",
    "header{padding-block:clamp(2.5rem,7vw,5.5rem) 1.75rem}\n",
    "h1,h2,h3,h4{line-height:1.2;margin:0;text-wrap:balance;letter-spacing:-.012em}\n",
    "h1{font-size:clamp(2rem,1.3rem + "
    "3vw,3.4rem);line-height:1.08;letter-spacing:-.028em;font-weight:750;max-width:22em}\n",
    "h2{font-size:clamp(1.5rem,1.2rem + 1vw,2rem);letter-spacing:-.02em;margin-bottom:1.4rem}\n",
    "h3{font-size:1.25rem;margin:2.75rem 0 .75rem}\n",
    "h2 + h3{margin-top:0}\n",
    "h4{font-size:1.0625rem}\n",
    "p{margin:0 0 1rem}\n",
    "a{color:var(--link);text-underline-offset:.18em;text-decoration-thickness:from-font}\n",
    ":focus-visible{outline:3px solid var(--link);outline-offset:3px;border-radius:3px}\n",
    ".kicker{color:var(--soft);font-size:.875rem;font-weight:600;letter-spacing:.04em;margin-"
    "bottom:.9rem}\n",
    ".lede{font-size:clamp(1.1rem,1rem + "
    ".4vw,1.3rem);line-height:1.55;color:var(--soft);max-width:46rem;",
    "margin:1.4rem 0 0;white-space:pre-line;text-wrap:pretty}\n",
    ".facts{list-style:none;display:flex;flex-wrap:wrap;gap:.35rem 1.6rem;padding:0;margin:1.6rem "
    "0 0;color:var(--soft);",
    "font-size:.9375rem;font-variant-numeric:tabular-nums}\n",
    ".skip{position:absolute;left:-100vw;background:var(--card);padding:.6rem 1rem;z-index:9}\n",
    ".skip:focus{left:1rem;top:1rem}\n",
    "nav{position:sticky;top:0;z-index:5;display:flex;flex-wrap:wrap;align-items:center;justify-"
    "content:space-between;",
    "gap:.4rem "
    "1.5rem;min-height:3.5rem;padding-block:.5rem;background:var(--bar);backdrop-filter:blur(10px)"
    ";",
    "border-block:1px solid var(--line)}\n",
    "nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem "
    "1.4rem;margin:0;padding:0;font-size:.9375rem;",
    "font-weight:600}\n",
    "nav a{color:inherit;text-decoration:none;padding-block:.3rem}\n",
    "nav a:hover{text-decoration:underline}\n",
    "#players{display:flex;gap:.5rem}\n",
    "#players[hidden]{display:none}\n",
    "button{font:inherit;font-size:.875rem;font-weight:600;line-height:1.2;color:var(--ink);"
    "background:var(--card);",
    "border:1px solid var(--line);border-radius:99rem;padding:.45rem 1rem;cursor:pointer}\n",
    "button:hover{border-color:var(--soft)}\n",
    "#play{background:var(--link);border-color:var(--link);color:var(--card)}\n",
    "section{margin-block:clamp(2.5rem,6vw,4.5rem)}\n",
    "figure{margin:0}\n",
    ".large{display:grid;gap:clamp(2rem,5vw,3.5rem)}\n",
    ".grid{display:grid;gap:1.5rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,22rem),"
    "1fr))}\n",
    ".film{background:var(--card);border:1px solid "
    "var(--line);border-radius:.75rem;overflow:hidden;",
    "box-shadow:var(--shade);display:flex;flex-direction:column}\n",
    ".film video,.film img{display:block;width:100%;height:auto;background:#fff}\n",
    ".film .paper{display:none}\n",
    ".film video::-webkit-media-controls-panel{background-image:linear-gradient(to top,#000c,#000a "
    "3.5rem,#0000 5rem)}\n",
    ".film video{border-bottom:1px solid var(--line)}\n",
    "figcaption{padding:1.1rem 1.25rem 1.2rem;display:flex;flex-direction:column;flex:1}\n",
    "figcaption h3,figcaption h4{margin:0 0 .4rem}\n",
    "figcaption p{color:var(--soft);font-size:.9375rem;line-height:1.5;margin:0 0 "
    ".9rem;max-width:60rem}\n",
    ".large figcaption{padding:1.4rem clamp(1.25rem,3vw,2rem) 1.5rem}\n",
    ".large figcaption h3{font-size:1.4rem}\n",
    ".large figcaption p{font-size:1rem}\n",
    ".files{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin:auto 0 "
    "0;padding:0;font-size:.875rem;",
    "color:var(--soft);font-variant-numeric:tabular-nums}\n",
    ".format{text-transform:uppercase;font-weight:600;letter-spacing:.02em}\n",
    ".nothing{padding:3rem 1.25rem;text-align:center;color:var(--soft);margin:0}\n",
    ".finding{max-width:52rem;padding:.8rem 1.1rem;border-inline-start:4px solid "
    "var(--still);background:var(--still-bg);",
    "border-radius:0 .4rem .4rem 0}\n",
    ".scroll{overflow-x:auto;border:1px solid "
    "var(--line);border-radius:.75rem;background:var(--card);",
    "box-shadow:var(--shade)}\n",
    "table{overflow-wrap:break-word;border-collapse:collapse;width:100%;font-size:.875rem;line-"
    "height:1.35;",
    "font-variant-numeric:tabular-nums lining-nums}\n",
    "caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}\n",
    "th,td{padding:.6rem .6rem;text-align:start;vertical-align:top;border-bottom:1px solid "
    "var(--line)}\n",
    "tbody tr:last-child>*{border-bottom:0}\n",
    "thead th{vertical-align:bottom;color:var(--soft);font-size:.8125rem;font-weight:600}\n",
    "thead tr:first-child .over{border-bottom:0;padding-bottom:0;text-wrap:balance}\n",
    "tbody "
    "th{font-weight:650;position:sticky;left:0;background:var(--card);min-width:9.75rem;max-width:"
    "18rem;",
    "overflow-wrap:anywhere;z-index:1}\n",
    ".status{white-space:nowrap}\n",
    "td small{max-width:18rem;overflow-wrap:anywhere}\n",
    "th:first-child{padding-inline-start:1.1rem}\n",
    "td:last-child{padding-inline-end:1.1rem}\n",
    ".n{text-align:end;white-space:nowrap}\n",
    "th.n{white-space:normal}\n",
    "small{display:block;font-size:.8125rem;font-weight:400;color:var(--soft);margin-top:.1rem}\n",
    "th var{font-size:1.05rem;color:var(--ink)}\n",
    "td strong{font-weight:650}\n",
    "sup{font-size:.72em;line-height:0;vertical-align:.45em}\n",
    ".key{margin-inline-end:.5rem;overflow:visible;stroke:var(--soft);stroke-width:.75}\n",
    ".way{display:block;margin:.35rem 0 0 auto}\n",
    ".way .all{fill:var(--way)}\n",
    ".way .made{fill:var(--good)}\n",
    ".way .past{fill:var(--past)}\n",
    ".way .truth{stroke:var(--ink);stroke-width:1.5}\n",
    ".note{max-width:46rem;color:var(--soft);margin-bottom:2.2rem}\n",
    ".still{font-style:normal;font-weight:600;color:var(--still)}\n",
    ".loss{font-weight:650}\n",
    ".status{display:inline-block;color:var(--soft)}\n",
    ".status.converged{color:var(--good)}\n",
    ".status.diverged,.status.failed,.bad{color:var(--bad);font-weight:650}\n",
    ".notice{padding:1.2rem 1.4rem;border-radius:.75rem;border:1px solid "
    "var(--line);background:var(--card)}\n",
    ".notice h2{font-size:1.2rem;margin-bottom:.6rem}\n",
    ".notice ul{margin:0;padding-inline-start:1.2rem}\n",
    ".failures{border-color:var(--bad);background:var(--bad-bg)}\n",
    ".failures h2{color:var(--bad)}\n",
    "pre{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem "
    "1.25rem;overflow-x:auto;",
    "margin:0 0 1.1rem}\n",
    "code{font:.9375rem/1.5 ui-monospace,\"Cascadia Mono\",\"SF Mono\",Menlo,\"DejaVu Sans "
    "Mono\",monospace}\n",
    "#repeat p{max-width:46rem;color:var(--soft)}\n",
    ".versions{display:flex;flex-wrap:wrap;gap:.8rem 2.2rem;margin:1.5rem 0 0;font-size:.875rem;",
    "font-variant-numeric:tabular-nums}\n",
    ".versions dt{color:var(--soft)}\n",
    ".versions dd{margin:0;font-weight:600}\n",
    "@media (max-width:40rem){html{scroll-padding-top:7rem}nav{justify-content:flex-start}nav "
    "ul{gap:.25rem 1.1rem}button{",
    "padding:.4rem .8rem}}\n",
    "@media "
    "print{:root{color-scheme:light;--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#ccc;--"
    "link:#000;",
    "--still:#7a3500;--still-bg:#fff;--shade:none}@page{size:A4 "
    "landscape;margin:14mm}body{font-size:10pt}header,main{",
    "max-width:none;padding-inline:0}header{padding-block:0}section:first-of-type{margin-block-"
    "start:4mm}",
    ".large figcaption{padding:2mm 4mm}.large{gap:6mm}nav,.skip,.film "
    "video[poster]{display:none}.film .paper{",
    "display:block}.film{break-inside:avoid}.large .film "
    "img{max-height:112mm;object-fit:contain}.grid{",
    "grid-template-columns:repeat(3,1fr);gap:4mm}section{margin-block:8mm}h2,h3,h4{break-after:"
    "avoid}.scroll{",
    "overflow:visible}table{font-size:8pt}small{font-size:7pt}.scroll{break-inside:avoid}.paper{"
    "break-inside:avoid}th,td{",
    "padding:1mm}tr{break-inside:avoid}tbody th{position:static}}\n",
    NULL,
};

const char *const orl_report_js[] = {
    "\n",
    "(function () {\n",
    "  var films = document.querySelectorAll('video'), images = "
    "document.querySelectorAll('img[data-still]');\n",
    "  var bar = document.getElementById('players');\n",
    "  function play() {\n",
    "    films.forEach(function (film) { var started = film.play(); if (started) "
    "started.catch(function () {}); });\n",
    "    images.forEach(function (image) {\n",
    "      var still = image.parentNode.querySelector('source');\n",
    "      if (still) still.remove();\n",
    "      image.src = image.dataset.moving;\n",
    "    });\n",
    "  }\n",
    "  function pause() {\n",
    "    films.forEach(function (film) { film.pause(); });\n",
    "    images.forEach(function (image) { image.src = image.dataset.still; });\n",
    "  }\n",
    "  if (!bar || films.length + images.length === 0) return;\n",
    "  bar.hidden = false;\n",
    "  document.getElementById('play').onclick = play;\n",
    "  document.getElementById('pause').onclick = pause;\n",
    "  document.getElementById('restart').onclick = function () {\n",
    "    films.forEach(function (film) { film.currentTime = 0; });\n",
    "    play();\n",
    "  };\n",
    "})();\n",
    NULL,
};
