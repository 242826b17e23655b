--[[ A filter for pandoc (2.17 or later) and Quarto: experiments in a document become their films.

    pandoc --lua-filter optreel.lua talk.md -t revealjs -s -o talk.html

Either an image of an experiment file, or the experiment itself in a code block:

    ![Five rules on Rosenbrock's valley](race.optreel.yaml){film=valley-race}

    ```{.optreel film=decay-race caption="Three rates"}
    problems: ...
    ```

Without `film` all films of the experiment are shown. What a document gets:

    HTML, reveal.js and the like   an MP4 (preset web), with poster, captions and words
    Beamer                         a PDF whose pages play (preset beamer, package animate)
    other LaTeX, PDF               the poster; with pages=true as Beamer
    Word, PowerPoint, the rest     a GIF (preset github)

Attributes: film, preset (another than that), caption, width (of pictures), autoplay=true (pages; slides always do).
Metadata, for the whole document: optreel (the program), optreel-folder (where films are kept, default optreel-films).
The films lie in that folder, one folder for each experiment; what is up to date is not made again. ]]

local settings = {program = os.getenv("OPTREEL") or "optreel", folder = "optreel-films"}
local plays_pages = false -- the document needs the package animate

local SLIDES = {revealjs = true, slidy = true, slideous = true, dzslides = true, s5 = true}
local PAGES = {html = true, html4 = true, html5 = true, chunkedhtml = true}

local function stop(text)
  error("optreel.lua: " .. text, 0)
end

-- What the document is made into: "video", "pages", "poster" or "gif".
local function target(attributes)
  if SLIDES[FORMAT] or PAGES[FORMAT] then
    return "video"
  elseif FORMAT == "beamer" or ((FORMAT == "latex" or FORMAT == "pdf") and attributes.pages == "true") then
    return "pages"
  elseif FORMAT == "latex" or FORMAT == "pdf" or FORMAT == "context" then
    return "poster"
  end
  return "gif"
end

local PRESET = {video = "web", pages = "beamer", poster = "web", gif = "github"}
local EXTENSION = {video = "mp4", pages = "pdf", poster = "png", gif = "gif"}

local function read(path)
  local file = io.open(path, "r")
  if not file then
    return nil
  end
  local text = file:read("a")
  file:close()
  return text
end

-- The films among the lines of results, which come as they are finished, in the order of the summary.
local function films_made(lines, folder, extension)
  local made, films = {}, {}
  for path, found in lines:gmatch("([^\n]-)%.(%w+)  %d+ bytes") do
    made[path] = made[path] or found == extension
  end
  for path in (read(folder .. "/summary.json") or ""):gmatch('"path": *"([^"]*)%.' .. extension .. '"') do
    if made[folder .. "/" .. path] then
      films[#films + 1] = folder .. "/" .. path
    end
  end
  return films
end

-- Render an experiment file; returns the films as paths without extension, in its order.
local function render(experiment, name, kind, attributes)
  local folder = settings.folder .. "/" .. name
  local arguments = {"render", experiment, "-o", folder, "-q", "--preset", attributes.preset or PRESET[kind],
    "--formats", kind == "poster" and "png" or EXTENSION[kind]}
  if attributes.film then
    arguments[#arguments + 1] = "--only"
    arguments[#arguments + 1] = attributes.film
  end
  local done, lines = pcall(pandoc.pipe, settings.program, arguments, "")
  if not done then
    local told = type(lines) == "table" and lines.output or tostring(lines)
    stop("'" .. settings.program .. " " .. table.concat(arguments, " ") .. "' failed. " .. told)
  end
  local films = films_made(lines, folder, EXTENSION[kind])
  if #films == 0 then
    stop("the experiment '" .. experiment .. "' has no film" .. (attributes.film and " '" .. attributes.film .. "'" or ""))
  end
  return films
end

local function alternative(film, caption)
  local text = read(film .. ".alt.txt")
  return text and text:gsub("%s+$", "") or caption
end

local function escape(text)
  return (text:gsub("[&<>\"]", {["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;"}))
end

-- A path as a URL: all but what every URL may hold is percent-encoded.
local function url(path)
  return (path:gsub("[^%w%-%._~/]", function(c) return string.format("%%%02X", c:byte()) end))
end

local function video(film, caption, attributes)
  local starts = SLIDES[FORMAT] and "data-autoplay " or attributes.autoplay == "true" and "autoplay " or ""
  local text = "<video " .. starts .. 'loop muted playsinline controls style="max-width:100%;height:auto" poster="' ..
    url(film) .. '.png" aria-label="' .. escape(alternative(film, caption)) .. '"'
  if attributes.width then
    text = text .. ' width="' .. escape(attributes.width) .. '"'
  end
  text = text .. '><source src="' .. url(film) .. '.mp4" type="video/mp4">'
  if read(film .. ".vtt") then
    text = text .. '<track kind="captions" srclang="en" label="Events" src="' .. url(film) .. '.vtt">'
  end
  return pandoc.RawInline("html", text .. "</video>")
end

local function picture(path, film, caption, attributes)
  local words = caption ~= "" and caption or alternative(film, caption)
  return pandoc.Image({pandoc.Str(words)}, path, "", pandoc.Attr("", {}, {width = attributes.width or "100%"}))
end

-- A film as an inline of the document.
local function inline(film, kind, caption, attributes)
  if kind == "video" then
    return video(film, caption, attributes)
  elseif kind == "pages" then
    plays_pages = true
    return pandoc.RawInline("latex", "\\input{" .. film .. ".tex}")
  end
  return picture(film .. "." .. EXTENSION[kind], film, caption, attributes)
end

-- A film as a block, with its caption below.
local function block(film, kind, caption, attributes)
  local shown = inline(film, kind, caption, attributes)
  if kind == "video" then
    local words = caption ~= "" and "<figcaption>" .. escape(caption) .. "</figcaption>" or ""
    return pandoc.RawBlock("html", "<figure>" .. shown.text .. words .. "</figure>")
  elseif kind == "pages" or caption == "" then
    return pandoc.Para({shown})
  end
  if not pandoc.Figure then -- before pandoc 3 an image alone in a paragraph, so marked, is a figure
    shown.title = "fig:"
    return pandoc.Para({shown})
  end
  return pandoc.Figure({pandoc.Plain({shown})}, {pandoc.Plain({pandoc.Str(caption)})})
end

local function is_experiment(path)
  return path:match("%.optreel%.ya?ml$") ~= nil
end

local function stem(path)
  return (path:gsub("^.*/", ""):gsub("%.optreel%.ya?ml$", ""))
end

local function of_image(image)
  local kind = target(image.attributes)
  return render(image.src, stem(image.src), kind, image.attributes), kind, pandoc.utils.stringify(image.caption)
end

-- An experiment in the document is written beside it, where its own paths begin, and does not stay.
local function of_code(code)
  local kind = target(code.attributes)
  local name = "block-" .. (code.identifier ~= "" and code.identifier or pandoc.utils.sha1(code.text):sub(1, 12))
  local path = "optreel-" .. name .. ".yaml"
  local file = io.open(path, "w") or stop("cannot write '" .. path .. "'")
  file:write(code.text, "\n")
  file:close()
  local done, films = pcall(render, path, name, kind, code.attributes)
  os.remove(path)
  if not done then
    error(films, 0)
  end
  return films, kind, code.attributes.caption or ""
end

local function Meta(meta)
  if meta.optreel then
    settings.program = pandoc.utils.stringify(meta.optreel)
  end
  if meta["optreel-folder"] then
    settings.folder = pandoc.utils.stringify(meta["optreel-folder"])
  end
end

local function blocks(films, kind, caption, attributes)
  local made = {}
  for i, film in ipairs(films) do
    made[i] = block(film, kind, caption, attributes)
  end
  return made
end

local function Para(para)
  local only = #para.content == 1 and para.content[1]
  if only and only.t == "Image" and is_experiment(only.src) then
    local films, kind, caption = of_image(only)
    return blocks(films, kind, caption, only.attributes)
  end
end

local function Image(image)
  if not is_experiment(image.src) then
    return nil
  end
  local films, kind, caption = of_image(image)
  local made = {}
  for i, film in ipairs(films) do
    made[i] = inline(film, kind, caption, image.attributes)
  end
  return made
end

local function CodeBlock(code)
  if code.classes:includes("optreel") then
    local films, kind, caption = of_code(code)
    return blocks(films, kind, caption, code.attributes)
  end
end

-- The package that plays pages goes into the preamble, beside what the document has there.
local function Needs(meta)
  if not plays_pages then
    return nil
  end
  local includes = meta["header-includes"]
  local list = not includes and {} or (pandoc.utils.type(includes) == "List" and includes or {includes})
  list[#list + 1] = pandoc.MetaBlocks({pandoc.RawBlock("latex", "\\usepackage{animate}")})
  meta["header-includes"] = list
  return meta
end

return {{Meta = Meta}, {Para = Para, CodeBlock = CodeBlock}, {Image = Image}, {Meta = Needs}}
