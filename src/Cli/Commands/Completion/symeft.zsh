#compdef symeft
# symeft completion for zsh; put this into ~/.zshrc after compinit:   eval "$(symeft completion zsh)"
_symeft() {
    local line="${(j: :)words[2,CURRENT]}"
    local -a found
    found=("${(@f)$(${words[1]} "[suggest:${#line}]" "$line" 2>/dev/null)}")
    [[ ${words[CURRENT]} == -* ]] || found=("${(@)found:#[-\/]*}")
    found=("${(@)found:#}")
    (( ${#found} )) && compadd -a found
    [[ ${words[CURRENT]} == -* ]] || _files
}
compdef _symeft symeft
