// What moves on the page. Without it every film has the browser's own controls and the tables are as they are.
(function () {
  'use strict';
  var films = Array.from(document.querySelectorAll('video'));
  var images = Array.from(document.querySelectorAll('img[data-still]'));

  function make(tag, attributes, text) {
    var element = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) { element.setAttribute(name, attributes[name]); });
    if (text) element.textContent = text;
    return element;
  }
  function start(film) {
    var started = film.play();
    if (started) started.catch(function () {});
  }

  // ---- All films ----

  function playAll() {
    films.forEach(start);
    images.forEach(function (image) {
      var still = image.parentNode.querySelector('source');
      if (still) still.remove();
      image.src = image.dataset.moving;
    });
  }
  function pauseAll() {
    films.forEach(function (film) { film.pause(); });
    images.forEach(function (image) { image.src = image.dataset.still; });
  }
  var bar = document.getElementById('players');
  if (bar && films.length + images.length > 0) {
    bar.hidden = false;
    document.getElementById('play').onclick = playAll;
    document.getElementById('pause').onclick = pauseAll;
    document.getElementById('restart').onclick = function () {
      films.forEach(function (film) { film.currentTime = 0; });
      playAll();
    };
  }

  // ---- One film: its own controls below the picture, so that they cover nothing of it ----

  // Where a film stands at a time: "step 13, loss 0.408". Its lines begin with the second from which they hold.
  function wordsAt(film, seconds) {
    var lines = film.places = film.places || (film.dataset.places || '').split('\n'), words = '';
    for (var i = 0; i < lines.length && parseFloat(lines[i]) <= seconds + 0.001; i++)
      words = lines[i].slice(lines[i].indexOf(' ') + 1);
    return words;
  }
  // A film that loops goes on from its start when it is set to its very end.
  function placeOf(film, share) {
    var length = film.duration || Number(film.dataset.seconds) || 0;
    return Math.max(0, Math.min(share * length, length - 0.02));
  }
  function control(film) {
    var name = document.getElementById(film.getAttribute('aria-labelledby')).textContent;
    var row = make('div', {'class': 'controls', role: 'group', 'aria-label': 'Controls of ' + name});
    var play = make('button', {type: 'button', 'class': 'play'}, 'Play');
    var place = make('input', {type: 'range', min: 0, max: 1000, value: 0, step: 1, 'aria-label': 'Place in the film'});
    var told = make('output', {'class': 'told'});
    var speed = make('select', {'aria-label': 'Speed'});
    var compare = make('button', {type: 'button', 'aria-pressed': 'false', title: 'Two films side by side, in step'}, 'Compare');
    [['0.25', '¼×'], ['0.5', '½×'], ['1', '1×'], ['2', '2×'], ['4', '4×']].forEach(function (rate) {
      var option = make('option', {value: rate[0]}, rate[1]);
      option.selected = rate[0] === '1';
      speed.append(option);
    });
    function show() {
      var length = film.duration || Number(film.dataset.seconds) || 1;
      if (document.activeElement !== place || !film.paused) place.value = Math.round(1000 * film.currentTime / length);
      var words = wordsAt(film, film.currentTime);
      if (!told.classList.contains('ahead')) told.textContent = words;
      place.setAttribute('aria-valuetext', words || film.currentTime.toFixed(1) + ' s');
      play.textContent = film.paused ? 'Play' : 'Pause';
    }
    play.onclick = function () { if (film.paused) start(film); else film.pause(); };
    place.oninput = function () {
      film.pause();
      film.currentTime = placeOf(film, place.value / 1000);
    };
    place.onpointermove = function (event) { // where the film stands under the pointer
      var box = place.getBoundingClientRect(), share = (event.clientX - box.left) / box.width;
      place.title = told.textContent = wordsAt(film, placeOf(film, share));
      told.classList.add('ahead');
    };
    place.onpointerleave = function () {
      told.classList.remove('ahead');
      show();
    };
    speed.onchange = function () { film.playbackRate = Number(speed.value); };
    compare.onclick = function () { choose(film, compare); };
    ['play', 'pause', 'timeupdate', 'seeked', 'loadedmetadata'].forEach(function (kind) { film.addEventListener(kind, show); });
    film.onclick = play.onclick;
    row.append(play, place, speed);
    if (films.length > 1) row.append(compare);
    row.append(told);
    film.after(row);
    film.controls = false;
    if (film.textTracks[0]) film.textTracks[0].mode = 'hidden';
    show();
  }
  films.forEach(control);

  // ---- Two films side by side, in step: both move by their share of the whole ----

  var chosen = [];
  function choose(film, button) {
    var at = chosen.findIndex(function (entry) { return entry.film === film; });
    if (at >= 0) chosen.splice(at, 1)[0].button.setAttribute('aria-pressed', 'false');
    else {
      chosen.push({film: film, button: button});
      button.setAttribute('aria-pressed', 'true');
    }
    if (chosen.length === 2) open();
  }
  function open() {
    var dialog = make('dialog', {'class': 'compare', 'aria-label': 'Two films side by side'});
    var pair = make('div', {'class': 'pair'}), row = make('div', {'class': 'controls'});
    var play = make('button', {type: 'button'}, 'Play'), close = make('button', {type: 'button'}, 'Close');
    var place = make('input', {type: 'range', min: 0, max: 1000, value: 0, 'aria-label': 'Place in both films'});
    var copies = chosen.map(function (entry) {
      var copy = make('video', {muted: '', playsinline: '', loop: '', src: entry.film.currentSrc || entry.film.querySelector('source').src});
      copy.muted = true;
      pair.append(copy);
      return copy;
    });
    function share() { return copies[0].currentTime / (copies[0].duration || 1); }
    copies[0].ontimeupdate = function () {
      place.value = Math.round(1000 * share());
      var second = share() * (copies[1].duration || 1);
      if (Math.abs(copies[1].currentTime - second) > 0.15) copies[1].currentTime = second;
    };
    place.oninput = function () {
      copies.forEach(function (copy) { copy.pause(); copy.currentTime = placeOf(copy, place.value / 1000); });
      play.textContent = 'Play';
    };
    play.onclick = function () {
      var paused = copies[0].paused;
      copies.forEach(function (copy) { if (paused) start(copy); else copy.pause(); });
      play.textContent = paused ? 'Pause' : 'Play';
    };
    close.onclick = function () { dialog.close(); };
    dialog.onclose = function () {
      chosen.splice(0).forEach(function (entry) { entry.button.setAttribute('aria-pressed', 'false'); });
      dialog.remove();
    };
    row.append(play, place, close);
    dialog.append(pair, row);
    document.body.append(dialog);
    dialog.showModal();
  }

  // ---- Lines to paste ----

  document.querySelectorAll('details pre').forEach(function (code) {
    var button = make('button', {type: 'button', 'class': 'copy'}, 'Copy');
    button.onclick = function () {
      var range = document.createRange();
      range.selectNodeContents(code);
      window.getSelection().removeAllRanges();
      window.getSelection().addRange(range);
      button.textContent = document.execCommand('copy') ? 'Copied' : 'Press Ctrl+C';
      setTimeout(function () { button.textContent = 'Copy'; }, 2000);
    };
    code.before(button);
  });

  // ---- Tables that sort ----

  // The number that a cell shows, to all its digits where it has them; "never" and the like come last.
  function valueOf(cell) {
    var exact = cell.querySelector('strong [title]') || cell.querySelector('[title]');
    var text = exact && !isNaN(Number(exact.title)) ? exact.title : cell.textContent;
    var plain = text.replace(/^=|[\s\u202f\u2009]|s$/g, '').replace('\u2212', '-');
    return cell.classList.contains('n') ? (plain === '' || isNaN(Number(plain)) ? Infinity : Number(plain)) : text.trim().toLowerCase();
  }
  // The heads of the columns, from left to right: a head over several columns stands for those below it.
  function headsOf(table) {
    var rows = table.tHead.rows, below = rows[1] ? Array.from(rows[1].cells) : [], heads = [];
    Array.from(rows[0].cells).forEach(function (cell) {
      if (cell.colSpan > 1) heads = heads.concat(below.splice(0, cell.colSpan));
      else heads.push(cell);
    });
    return heads;
  }
  function sort(table, heads, column) {
    var down = heads[column].getAttribute('aria-sort') === 'ascending', body = table.tBodies[0];
    heads.forEach(function (head) { head.removeAttribute('aria-sort'); });
    heads[column].setAttribute('aria-sort', down ? 'descending' : 'ascending');
    Array.from(body.rows).map(function (row, place) {
      return {row: row, place: place, value: valueOf(row.cells[column])};
    }).sort(function (a, b) {
      if (a.value === b.value) return a.place - b.place;
      if (a.value === Infinity || b.value === Infinity) return a.value === Infinity ? 1 : -1;
      return (a.value < b.value ? -1 : 1) * (down ? -1 : 1);
    }).forEach(function (entry) { body.append(entry.row); });
  }
  // On a narrow page a row is a card, a line for each cell with the head's words; roles stay those of a table.
  function stack(table) {
    var heads = headsOf(table).map(function (head) {
      var over = head.parentNode.rowIndex > 0 ? 'Steps to ' : '', text = head.cloneNode(true);
      text.querySelectorAll('small').forEach(function (small) { small.remove(); });
      return over + text.innerHTML.replace(/<sup>(.*?)<\/sup>/g, '^$1').replace(/<[^>]*>/g, '');
    });
    table.classList.add('stacks');
    [['table', [table]], ['rowgroup', [table.tHead, table.tBodies[0]]], ['row', table.rows],
      ['rowheader', table.querySelectorAll('tbody th')], ['columnheader', table.querySelectorAll('thead th')],
      ['cell', table.querySelectorAll('td')]].forEach(function (pair) {
      Array.from(pair[1]).forEach(function (element) { element.setAttribute('role', pair[0]); });
    });
    Array.from(table.tBodies[0].rows).forEach(function (row) {
      Array.from(row.cells).forEach(function (cell, column) {
        if (column > 0) cell.dataset.label = new DOMParser().parseFromString(heads[column], 'text/html').body.textContent;
      });
    });
  }
  document.querySelectorAll('main table').forEach(function (table) {
    if (table.tHead && table.tBodies[0]) stack(table);
    if (!table.tHead || !table.tBodies[0] || table.tBodies[0].rows.length < 2) return;
    var heads = headsOf(table);
    var note = document.querySelector('#results > .note');
    if (note && !note.dataset.told) {
      note.append(' A press on a head sorts by it.');
      note.dataset.told = '1';
    }
    heads.forEach(function (head, column) {
      if (column === heads.length - 1) return; // the files
      var button = make('button', {type: 'button', 'class': 'sort'});
      button.append.apply(button, Array.from(head.childNodes));
      head.append(button);
      button.onclick = function () { sort(table, heads, column); };
    });
  });
})();
