(function () {
  var films = document.querySelectorAll('video'), images = document.querySelectorAll('img[data-still]');
  var bar = document.getElementById('players');
  function play() {
    films.forEach(function (film) { var started = film.play(); if (started) started.catch(function () {}); });
    images.forEach(function (image) {
      var still = image.parentNode.querySelector('source');
      if (still) still.remove();
      image.src = image.dataset.moving;
    });
  }
  function pause() {
    films.forEach(function (film) { film.pause(); });
    images.forEach(function (image) { image.src = image.dataset.still; });
  }
  if (!bar || films.length + images.length === 0) return;
  bar.hidden = false;
  document.getElementById('play').onclick = play;
  document.getElementById('pause').onclick = pause;
  document.getElementById('restart').onclick = function () {
    films.forEach(function (film) { film.currentTime = 0; });
    play();
  };
})();
