# symeft completion for fish; put this into ~/.config/fish/config.fish:   symeft completion fish | source
function __symeft_suggest
    set -l line (commandline -cp | string replace -r '^\s*\S+\s?' '')
    symeft "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
end
complete -c symeft -a '(__symeft_suggest)'
