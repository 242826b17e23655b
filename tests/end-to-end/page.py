"""The report page in a browser: tables sort, films have their own controls, the step stands under the pointer, two films run in step."""
import re

import chromium
from harness import Case, main, optreel

EXPERIMENT = """
steps: 60
problems: {valley: {objective: x^2 + 8*y^2, start: {x: -1.5, y: 0.6}, minimum: {x: 0, y: 0}}}
optimizers: {slow: {kind: sgd, learning_rate: 0.002}, fast: {kind: sgd, learning_rate: 0.05}, adam: {learning_rate: 0.1}}
films:
  - {each: problem, name: race, panels: [loss], length: 2}
  - {each: run, name: "{optimizer}", panels: [loss], length: 2}
output: {formats: [mp4], preset: draft}
"""

OPEN = """
const frame = document.createElement('iframe');
frame.width = %d; frame.height = 900; frame.src = 'index.html';
document.documentElement.append(frame);
await new Promise(go => frame.onload = go);
const page = frame.contentDocument, films = Array.from(page.querySelectorAll('video'));
for (let i = 0; i < 100 && films.some(film => film.readyState < 1); i++) await later(50);
"""


class Page(Case):
    def open(self, script, width=1280):
        """What a script returns that has the rendered page at hand as `page` and its films as `films`."""
        path = self.write("page.yaml", EXPERIMENT)
        optreel("render", path, "-o", self.path("out"), "-q", check=0)
        return chromium.run(self.path("out"), OPEN % width + script)

    def test_tables_sort_by_numbers_and_names(self):
        value = self.open("""
            const table = page.querySelector('main table');
            const names = () => Array.from(table.tBodies[0].rows, row => row.cells[0].querySelector('bdi').textContent);
            const head = text => Array.from(table.tHead.querySelectorAll('th')).find(th => th.textContent.startsWith(text));
            const press = th => th.querySelector('button').click();
            const said = {start: names()};
            press(head('Final loss')); said.loss = names(); said.sorted = head('Final loss').getAttribute('aria-sort');
            press(head('Final loss')); said.back = names(); said.turned = head('Final loss').getAttribute('aria-sort');
            press(head('Optimizer')); said.name = names(); said.gone = head('Final loss').getAttribute('aria-sort');
            return said;""")
        self.assertEqual(value["loss"], value["start"])  # the page has the best first
        self.assertEqual(value["back"], value["loss"][::-1])
        self.assertEqual(value["name"], sorted(value["loss"], key=str.lower))
        self.assertEqual((value["sorted"], value["turned"], value["gone"]), ("ascending", "descending", None))

    def test_films_have_controls_of_their_own(self):
        value = self.open("""
            const film = films[0], row = film.nextElementSibling, place = row.querySelector('input[type=range]');
            const said = {own: films.map(film => film.controls), rows: page.querySelectorAll('.controls').length};
            for (let i = 0; i < 100 && !film.textTracks[0].cues; i++) await later(50);
            said.cues = Array.from(film.textTracks[0].cues, cue => cue.text);
            said.places = film.dataset.places.split('\\n');
            place.value = 1000; place.dispatchEvent(new Event('input'));
            for (let i = 0; i < 100 && (film.seeking || !row.querySelector('.told').textContent.includes('60')); i++) await later(50);
            said.end = row.querySelector('.told').textContent;
            place.value = 0; place.dispatchEvent(new Event('input'));
            for (let i = 0; i < 100 && (film.seeking || film.currentTime > 0); i++) await later(50);
            await later(100);
            said.begin = row.querySelector('.told').textContent;
            row.querySelector('select').value = '4'; row.querySelector('select').dispatchEvent(new Event('change'));
            said.rate = film.playbackRate;
            row.querySelector('.play').click(); await later(300);
            said.playing = !film.paused && row.querySelector('.play').textContent === 'Pause';
            row.querySelector('.play').click(); await later(50);
            said.paused = film.paused;
            return said;""")
        self.assertEqual(value["own"], [False] * 4)
        self.assertEqual(value["rows"], 4)
        self.assertTrue(value["cues"] and not any(cue.startswith("step ") for cue in value["cues"]), value["cues"])
        self.assertTrue(value["places"][0].startswith("0 step 0, loss ") or value["places"][0] == "0 step 0", value["places"])
        self.assertTrue(5 <= len(value["places"]) <= 9)  # four a second
        self.assertTrue(re.match(r"step 60\b", value["end"]), value["end"])
        self.assertTrue(re.match(r"step 0\b", value["begin"]), value["begin"])
        self.assertEqual((value["rate"], value["playing"], value["paused"]), (4, True, True))

    def test_narrow_tables_say_what_each_cell_is(self):
        value = self.open("""
            const row = page.querySelector('main table tbody tr'), steps = row.cells[3];
            const label = page.defaultView.getComputedStyle(steps, '::before').content;
            return {label, labels: Array.from(row.cells, cell => cell.dataset.label), role: steps.getAttribute('role'),
                    block: page.defaultView.getComputedStyle(steps).display};""", width=360)
        self.assertEqual(value["labels"][1:6], ["Rank", "Status", "Steps", "Final loss", "x"])
        self.assertIn("Steps to 10^\u22122", value["labels"])
        self.assertEqual((value["label"], value["role"], value["block"]), ('"Steps"', "cell", "block"))

    def test_lines_to_paste(self):
        value = self.open("""
            const embed = page.querySelector('details.embed'), code = embed.querySelectorAll('pre');
            embed.open = true; embed.querySelectorAll('details')[0].open = true;
            embed.querySelector('.copy').click();
            return {kinds: code.length, markdown: code[0].textContent, copied: page.defaultView.getSelection().toString()};""")
        self.assertEqual(value["kinds"], 6)
        self.assertIn("](../race.png)", value["markdown"])
        self.assertEqual(value["copied"].split(), value["markdown"].split())

    def test_the_step_under_the_pointer(self):
        value = self.open("""
            const film = films[0], row = film.nextElementSibling, place = row.querySelector('input[type=range]'), told = row.querySelector('.told');
            const box = place.getBoundingClientRect(), said = {before: told.textContent};
            place.dispatchEvent(new PointerEvent('pointermove', {clientX: box.right - 1}));
            said.over = told.textContent; said.time = film.currentTime;
            place.dispatchEvent(new PointerEvent('pointerleave'));
            said.after = told.textContent;
            return said;""")
        self.assertRegex(value["over"], r"^step 60\b")
        self.assertEqual((value["time"], value["after"]), (0, value["before"]))

    def test_two_films_side_by_side(self):
        value = self.open("""
            const buttons = Array.from(page.querySelectorAll('.controls button[aria-pressed]'));
            buttons[1].click(); buttons[2].click(); await later(200);
            const dialog = page.querySelector('dialog'), copies = Array.from(dialog.querySelectorAll('video'));
            for (let i = 0; i < 100 && copies.some(copy => !copy.duration); i++) await later(50);
            const place = dialog.querySelector('input');
            place.value = 500; place.dispatchEvent(new Event('input')); await later(300);
            const said = {open: dialog.open, sources: copies.map(copy => decodeURI(copy.src.split('/').pop())), times: copies.map(copy => copy.currentTime)};
            Array.from(dialog.querySelectorAll('button')).find(b => b.textContent === 'Close').click(); await later(200);
            said.left = page.querySelectorAll('dialog').length;
            said.pressed = buttons.filter(b => b.getAttribute('aria-pressed') === 'true').length;
            return said;""")
        self.assertTrue(value["open"])
        self.assertEqual(len(set(value["sources"])), 2)
        for seconds in value["times"]:
            self.assertAlmostEqual(seconds, 1.0, delta=0.05)
        self.assertEqual((value["left"], value["pressed"]), (0, 0))

    def test_a_phone_needs_no_sideways_scrolling(self):
        value = self.open("return [page.documentElement.scrollWidth, frame.clientWidth];", width=390)
        self.assertLessEqual(value[0], value[1])


if __name__ == "__main__":
    main()
